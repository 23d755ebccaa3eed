/** Search over people, negotiations, meetings and announcements. */
@NullMarked
package io.parley.projection.search;

import org.jspecify.annotations.NullMarked;
