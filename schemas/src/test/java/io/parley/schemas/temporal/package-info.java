/** Tests of the times. */
@NullMarked
package io.parley.schemas.temporal;

import org.jspecify.annotations.NullMarked;
