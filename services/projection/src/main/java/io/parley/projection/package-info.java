/** Settles the timeline and serves the read models (ADR 5, ADR 6). */
@NullMarked
package io.parley.projection;

import org.jspecify.annotations.NullMarked;
