/** The schedule as a calendar, and the announcements as a feed. */
@NullMarked
package io.parley.projection.feeds;

import org.jspecify.annotations.NullMarked;
