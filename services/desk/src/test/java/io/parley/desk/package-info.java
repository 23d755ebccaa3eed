/** The desk, started and spoken to as its user does. */
@NullMarked
package io.parley.desk;

import org.jspecify.annotations.NullMarked;
