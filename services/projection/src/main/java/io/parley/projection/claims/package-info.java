/** The view of claims: who says so, who says otherwise, how editors rank them. */
@NullMarked
package io.parley.projection.claims;

import org.jspecify.annotations.NullMarked;
