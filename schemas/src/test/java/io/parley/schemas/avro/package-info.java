/** Tests of the wire format and its catalog. */
@NullMarked
package io.parley.schemas.avro;

import org.jspecify.annotations.NullMarked;
