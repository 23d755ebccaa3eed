/** The read paths of a schema registry, so that any Kafka client decodes on one machine too. */
@NullMarked
package io.parley.projection.registry;

import org.jspecify.annotations.NullMarked;
