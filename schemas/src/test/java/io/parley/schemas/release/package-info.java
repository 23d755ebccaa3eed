/** The gate that keeps released schemas readable for ever, and the command that cuts a release. */
@NullMarked
package io.parley.schemas.release;

import org.jspecify.annotations.NullMarked;
