/** The one processor that all three write services run, and its stores (ADR 1). */
@NullMarked
package io.parley.journal.stream;

import org.jspecify.annotations.NullMarked;
