/** The view of attendance: what was said, what was seen, on what it depends, and what follows. */
@NullMarked
package io.parley.projection.attendance;

import org.jspecify.annotations.NullMarked;
