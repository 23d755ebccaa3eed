/** Tests of the shapes that reads have in common. */
@NullMarked
package io.parley.projection.shape;

import org.jspecify.annotations.NullMarked;
