/** Settles the timeline and serves the read models (architecture 5 and 6). */
@NullMarked
package io.parley.projection;

import org.jspecify.annotations.NullMarked;
