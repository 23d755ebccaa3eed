/** The registry's paths, as clients call them. */
@NullMarked
package io.parley.projection.registry;

import org.jspecify.annotations.NullMarked;
