package io.parley.journal.stream;

import io.parley.schemas.Event;
import io.parley.schemas.wire.RestrictedChain;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;

/**
 * CloudEvents 1.0 attributes as Kafka headers, in binary mode, so that a reader can skip what it
 * does not know.
 */
final class CloudEvents {
  private CloudEvents() {}

  /**
   * Describes an event.
   *
   * @param hash of a restricted item's event its chain's; of others nothing
   */
  static void describe(Event event, String service, String hash, Headers headers) {
    var header = event.header();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", header.id());
    add(headers, "ce_source", "/negotiations/" + header.negotiation() + "/" + service);
    add(headers, "ce_type", "io.parley." + service + "." + event.type());
    add(headers, "ce_subject", header.aggregate());
    add(headers, "ce_time", header.decidedAt().toString());
    add(headers, "ce_negotiation", header.negotiation());
    add(headers, "ce_aggregateversion", Long.toString(header.version()));
    if (!hash.isEmpty()) {
      add(headers, RestrictedChain.HEADER, hash);
    }
    add(headers, "content-type", "application/avro");
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
