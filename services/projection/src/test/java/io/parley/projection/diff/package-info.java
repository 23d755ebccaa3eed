/** What differs and what does not. */
@NullMarked
package io.parley.projection.diff;

import org.jspecify.annotations.NullMarked;
