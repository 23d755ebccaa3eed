/**
 * Derived attendance (rules 9 to 16): one pure function over facts. No Spring, no input, no output.
 */
@NullMarked
package io.parley.projection.attendance.derivation;

import org.jspecify.annotations.NullMarked;
