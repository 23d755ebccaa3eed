/** Attendance as it is folded and put in words. */
@NullMarked
package io.parley.projection.attendance;

import org.jspecify.annotations.NullMarked;
