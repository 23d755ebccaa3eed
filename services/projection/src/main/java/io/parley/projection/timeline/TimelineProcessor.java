package io.parley.projection.timeline;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The task of one partition: hands events to an {@link Intake} and its entries to the timeline. Its
 * stores are warmed at the first record or tick and not in {@code init}: a write opens a
 * transaction, and one without a record to commit would stay open until it is aborted.
 */
final class TimelineProcessor implements Processor<String, byte[], String, byte[]> {
  static final String HEADS = "heads";
  static final String VERSIONS = "versions";
  static final String PARKED = "parked";

  private static final Duration WARM_UP_TICK = Duration.ofMillis(100);

  private final TimelineSettings settings;
  private final ColdStart coldStart;
  private final Holds holds;
  private final Function<Event, List<String>> causes;
  private final CommitPace pace;
  private final Traces traces;
  private @Nullable Task task;

  /** The parts that exist once Kafka Streams has handed the stores over. */
  private record Task(
      int partition,
      ProcessorContext<String, byte[]> context,
      Settled settled,
      Parking parking,
      Intake intake,
      CommitPace.Task commits) {}

  private boolean warm;

  TimelineProcessor(
      TimelineSettings settings,
      ColdStart coldStart,
      Holds holds,
      Function<Event, List<String>> causes,
      CommitPace pace,
      Traces traces) {
    this.settings = settings;
    this.coldStart = coldStart;
    this.holds = holds;
    this.causes = causes;
    this.pace = pace;
    this.traces = traces;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    int partition = context.taskId().partition();
    Settled settled = new Settled(store(context, HEADS), store(context, VERSIONS));
    Parking parking = new Parking(store(context, PARKED));
    Bounds bounds = new Bounds(settings, partition, holds);
    Intake intake =
        new Intake(
            settled,
            parking,
            bounds,
            causes,
            InstantSource.system(),
            new SecureRandom(),
            (from, entry) -> forward(context, from, entry));
    task = new Task(partition, context, settled, parking, intake, pace.of(context));
    warm = settled.isWarm() && parking.isWarm();
    if (warm) {
      coldStart.forget(partition);
      parking.load();
      intake.resume();
    } else {
      scheduleWarmUp(context);
    }
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Task here = task();
    warmUp(here);
    here.commits.took();
    RecordMetadata at = here.context.recordMetadata().orElseThrow();
    here.intake.accept(
        new SourceRecord(
            TimelineStage.service(at.topic()),
            at.partition(),
            at.offset(),
            String.valueOf(record.key()),
            record.headers(),
            requireValue(record, at)));
  }

  @Override
  public void close() {
    if (task != null) {
      holds.forget(task.partition);
    }
  }

  private void scheduleWarmUp(ProcessorContext<String, byte[]> context) {
    // Also without a first record: an event whose parked copy was lost may be the topic's last.
    Cancellable[] tick = new Cancellable[1];
    tick[0] =
        context.schedule(
            WARM_UP_TICK,
            PunctuationType.WALL_CLOCK_TIME,
            now -> {
              warmUp(task());
              tick[0].cancel();
            });
  }

  private void warmUp(Task here) {
    if (warm) {
      return;
    }
    ColdStart.Found found = coldStart.read(here.partition);
    here.parking.clear();
    here.settled.fill(found.fold());
    here.parking.warm();
    warm = true;
    found.missed().forEach(here.intake::accept);
  }

  private Task task() {
    return Objects.requireNonNull(task, "init comes first");
  }

  private static byte[] requireValue(Record<String, byte[]> record, RecordMetadata at) {
    byte[] value = record.value();
    if (value == null) {
      throw new CorruptLogException(
          at.topic() + "-" + at.partition() + "@" + at.offset() + ": no value");
    }
    return value;
  }

  private void forward(
      ProcessorContext<String, byte[]> context, SourceRecord from, TimelineEntry entry) {
    Headers headers = new RecordHeaders(from.headers());
    headers.add("ce_sequence", Long.toString(entry.sequence()).getBytes(StandardCharsets.UTF_8));
    SpanContext decided = traces.isOn() ? Traces.read(headers) : Traces.NONE;
    if (decided.isValid()) {
      Span step = traces.begin("settle", SpanKind.CONSUMER, decided);
      step.setAttribute("parley.event", entry.type());
      step.setAttribute("parley.negotiation", entry.negotiation());
      step.setAttribute("parley.sequence", entry.sequence());
      Traces.write(step.getSpanContext(), headers);
      step.end();
    }
    context.forward(
        new Record<>(from.key(), Wire.encode(entry), entry.recordedAt().toEpochMilli(), headers));
  }

  private static KeyValueStore<String, byte[]> store(
      ProcessorContext<String, byte[]> context, String name) {
    return context.getStateStore(name);
  }
}
