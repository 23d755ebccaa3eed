/** Avro's binary encoding, as the generated records read it (ADR 20). Knows none of them. */
@NullMarked
package io.parley.schemas.avro;

import org.jspecify.annotations.NullMarked;
