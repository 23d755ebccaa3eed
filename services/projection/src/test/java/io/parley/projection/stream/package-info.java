/** Parts of the streams by themselves. */
@NullMarked
package io.parley.projection.stream;

import org.jspecify.annotations.NullMarked;
