/** The projector against a real database. */
@NullMarked
package io.parley.projection.projector;

import org.jspecify.annotations.NullMarked;
