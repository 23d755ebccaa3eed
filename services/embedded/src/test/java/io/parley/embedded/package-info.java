/** Starts, stops and kills the real things. */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;
