/** What conflicts and what does not. */
@NullMarked
package io.parley.projection.conflicts;

import org.jspecify.annotations.NullMarked;
