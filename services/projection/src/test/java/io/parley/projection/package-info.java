/** The projection against a real broker and a real database. */
@NullMarked
package io.parley.projection;

import org.jspecify.annotations.NullMarked;
