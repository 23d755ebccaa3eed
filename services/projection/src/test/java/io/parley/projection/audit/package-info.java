/** Audits from within: what no client can ask for. */
@NullMarked
package io.parley.projection.audit;

import org.jspecify.annotations.NullMarked;
