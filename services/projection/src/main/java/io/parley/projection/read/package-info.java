/**
 * How every read is asked and answered: as of a moment, after a token, in pages, with validators.
 */
@NullMarked
package io.parley.projection.read;

import org.jspecify.annotations.NullMarked;
