/** What an auditor asks. */
@NullMarked
package io.parley.projection.audit;

import org.jspecify.annotations.NullMarked;
