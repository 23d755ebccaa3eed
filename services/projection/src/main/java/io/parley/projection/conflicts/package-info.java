/** What on record excludes, contradicts or undermines what else is on record (rules 19 and 20). */
@NullMarked
package io.parley.projection.conflicts;

import org.jspecify.annotations.NullMarked;
