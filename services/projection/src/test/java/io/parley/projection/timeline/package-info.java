/** Guarantees of the timeline, against a real broker, and proof that each can fail. */
@NullMarked
package io.parley.projection.timeline;

import org.jspecify.annotations.NullMarked;
