/** What changed between two moments of the record. */
@NullMarked
package io.parley.projection.diff;

import org.jspecify.annotations.NullMarked;
