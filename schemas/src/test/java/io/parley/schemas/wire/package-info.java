/** Tests of the wire format and its catalog. */
@NullMarked
package io.parley.schemas.wire;

import org.jspecify.annotations.NullMarked;
