/** Both kinds answer, and are told the same. */
@NullMarked
package io.parley.parts;

import org.jspecify.annotations.NullMarked;
