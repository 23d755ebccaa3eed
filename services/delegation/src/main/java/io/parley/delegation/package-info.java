/** The delegation service: who represents each party, and who will be where. */
@NullMarked
package io.parley.delegation;

import org.jspecify.annotations.NullMarked;
