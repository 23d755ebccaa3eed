/** Writes the read models from the timeline: in batches, fenced by position, never twice. */
@NullMarked
package io.parley.projection.projector;

import org.jspecify.annotations.NullMarked;
