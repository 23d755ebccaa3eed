/** The view of proposals: who made them, and what became of them. */
@NullMarked
package io.parley.projection.proposals;

import org.jspecify.annotations.NullMarked;
