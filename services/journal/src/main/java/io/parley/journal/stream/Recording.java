package io.parley.journal.stream;

import io.opentelemetry.api.trace.SpanContext;
import io.parley.journal.Decision;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Event;
import io.parley.schemas.RecordedEvent;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes what was decided into the fold and sends it to its log, open or restricted (ADR 7). */
final class Recording {
  private final String service;
  private final Fold fold;
  private final ProcessorContext<byte[], byte[]> context;

  Recording(String service, Fold fold, ProcessorContext<byte[], byte[]> context) {
    this.service = service;
    this.fold = fold;
    this.context = context;
  }

  /**
   * Records a decision.
   *
   * @param seen tokens of what it rests on
   * @param step the step that decided it; of what is restricted no trace goes on (ADR 19)
   * @return what its answer names: where something becomes public, that alone
   */
  List<RecordedEvent> record(Decision.Accepted accepted, Set<String> seen, SpanContext step) {
    List<RecordedEvent> restricted = record(accepted.restricted(), List.copyOf(seen), Traces.NONE);
    // Nobody who reads the open record would ever find these, and they tell what is restricted.
    List<String> open = seen.stream().filter(token -> !Token.parse(token).isRestricted()).toList();
    List<RecordedEvent> recorded = record(accepted.events(), open, step);
    return recorded.isEmpty() ? restricted : recorded;
  }

  private List<RecordedEvent> record(List<Event> events, List<String> seen, SpanContext step) {
    List<RecordedEvent> recorded = new ArrayList<>(events.size());
    for (Event event : events) {
      String negotiation = event.header().negotiation();
      String aggregate = event.header().aggregate();
      long version = fold.version(negotiation, aggregate) + 1;
      String id = new Token(service, negotiation, aggregate, version).toString();
      event.header().id(id).version(version).seen(seen);
      publish(event, step);
      recorded.add(new RecordedEvent().id(id).type(event.type()).version(version));
    }
    return recorded;
  }

  private void publish(Event event, SpanContext step) {
    boolean restricted = Token.isRestricted(event.header().aggregate());
    long decided = event.header().decidedAt().toEpochMilli();
    // Nothing settles what is restricted, so it is recorded here, by this host's clock as the
    // timeline is by its: which may be long after its command came, and a view of a moment between
    // must stay as it was (rule 29).
    long millis = restricted ? Math.max(decided, Instant.now().toEpochMilli()) : decided;
    byte[] framed = Wire.encode(event);
    String hash = fold.evolve(event, millis, framed);
    Headers headers = new RecordHeaders();
    CloudEvents.describe(event, service, hash, headers);
    Traces.write(step, headers);
    byte[] key = event.header().negotiation().getBytes(StandardCharsets.UTF_8);
    context.forward(
        new Record<>(key, framed, millis, headers),
        restricted ? JournalTopology.RESTRICTED_SINK : JournalTopology.EVENTS_SINK);
  }
}
