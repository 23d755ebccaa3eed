/** The audit trail: who asked for what of the record, and did what to its read models. */
@NullMarked
package io.parley.projection.trail;

import org.jspecify.annotations.NullMarked;
