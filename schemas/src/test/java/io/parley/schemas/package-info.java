/** Tests of the language as a whole. */
@NullMarked
package io.parley.schemas;

import org.jspecify.annotations.NullMarked;
