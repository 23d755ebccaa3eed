/** The rules of the house, held by tests, and the configuration reference. */
@NullMarked
package io.parley.desk.rules;

import org.jspecify.annotations.NullMarked;
