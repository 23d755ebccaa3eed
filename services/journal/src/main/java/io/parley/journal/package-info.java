/**
 * Event sourcing on Kafka Streams: what a service decides ({@link io.parley.journal.Decider}), and
 * the one processor that makes its decisions durable (ADR 1). No noun of the domain lives here.
 */
@NullMarked
package io.parley.journal;

import org.jspecify.annotations.NullMarked;
