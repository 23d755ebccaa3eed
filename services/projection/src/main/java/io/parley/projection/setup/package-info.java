/** What is made once, by who may, before the service starts (ADR 17). */
@NullMarked
package io.parley.projection.setup;

import org.jspecify.annotations.NullMarked;
