package io.parley.projection;

import io.parley.journal.reading.Topics;
import io.parley.projection.restricted.Chains;
import io.parley.schemas.Event;
import io.parley.schemas.wire.RestrictedChain;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records of restricted topics as the services write them, recorded when they were decided. */
public final class Chained {
  private final Map<String, Chains> negotiations = new HashMap<>();

  /** The record of an item's next event, whose header is whole. */
  public ProducerRecord<String, byte[]> next(Event event) {
    String negotiation = event.header().negotiation();
    byte[] framed = Wire.encode(event);
    long recorded = event.header().decidedAt().toEpochMilli();
    Chains.Link link =
        negotiations
            .computeIfAbsent(negotiation + " " + event.service(), key -> new Chains())
            .next(event, recorded, framed, null);
    return record(event, framed, link.hash());
  }

  /** The same with a hash that is given; none where that is empty. */
  public static ProducerRecord<String, byte[]> record(Event event, byte[] framed, String hash) {
    return new ProducerRecord<>(
        Topics.restricted(event.service()),
        null,
        event.header().decidedAt().toEpochMilli(),
        event.header().negotiation(),
        framed,
        hash.isEmpty()
            ? List.of()
            : List.of(
                new RecordHeader(RestrictedChain.HEADER, hash.getBytes(StandardCharsets.UTF_8))));
  }
}
