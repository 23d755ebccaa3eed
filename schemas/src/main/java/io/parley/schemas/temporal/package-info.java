/**
 * Times as sources give them (rules 1 to 3): reading EDTF, its bounds in time, and comparing
 * without guessing.
 */
@NullMarked
package io.parley.schemas.temporal;

import org.jspecify.annotations.NullMarked;
