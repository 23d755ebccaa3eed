/** The view of delegations: heads, members, rosters. */
@NullMarked
package io.parley.projection.delegations;

import org.jspecify.annotations.NullMarked;
