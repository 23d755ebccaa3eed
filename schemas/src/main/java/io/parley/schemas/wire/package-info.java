/**
 * How records are written to bytes: the schema registry's framing, with ids that the build fixes.
 */
@NullMarked
package io.parley.schemas.wire;

import org.jspecify.annotations.NullMarked;
