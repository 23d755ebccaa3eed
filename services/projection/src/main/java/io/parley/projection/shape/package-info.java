/** The parts that items of all views are made of, as the HTTP contract shapes them. */
@NullMarked
package io.parley.projection.shape;

import org.jspecify.annotations.NullMarked;
