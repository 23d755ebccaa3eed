/** The rules of derived attendance, without a broker and without a database. */
@NullMarked
package io.parley.projection.attendance.derivation;

import org.jspecify.annotations.NullMarked;
