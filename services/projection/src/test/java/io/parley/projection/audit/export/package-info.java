/** Tests of the export and of its verification. */
@NullMarked
package io.parley.projection.audit.export;

import org.jspecify.annotations.NullMarked;
