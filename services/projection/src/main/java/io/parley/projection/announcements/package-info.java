/** The view of announcements. */
@NullMarked
package io.parley.projection.announcements;

import org.jspecify.annotations.NullMarked;
