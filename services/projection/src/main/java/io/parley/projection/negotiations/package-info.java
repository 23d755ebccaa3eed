/** The view of negotiations and their parties. */
@NullMarked
package io.parley.projection.negotiations;

import org.jspecify.annotations.NullMarked;
