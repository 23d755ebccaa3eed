/** What an operator asks and does: projections, dead letters, rebuilds. */
@NullMarked
package io.parley.projection.operations;

import org.jspecify.annotations.NullMarked;
