/** Runs every {@link io.parley.journal.Service} bean: topics, streams, gateway, routes, health. */
@NullMarked
package io.parley.journal.spring;

import org.jspecify.annotations.NullMarked;
