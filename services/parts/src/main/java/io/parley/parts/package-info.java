/** The broker and the database that tests stand on: embedded ones, or containers. */
@NullMarked
package io.parley.parts;

import org.jspecify.annotations.NullMarked;
