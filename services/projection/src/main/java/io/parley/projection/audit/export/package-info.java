/**
 * The export of a negotiation's record: a ZIP that anybody can check offline. What writes each part
 * and what reads it stand side by side. Needs Kafka to write, and nothing at all to verify.
 */
@NullMarked
package io.parley.projection.audit.export;

import org.jspecify.annotations.NullMarked;
