package io.parley.journal.stream;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.parley.journal.Decision;
import io.parley.journal.Service;
import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.OutcomeQuery;
import io.parley.schemas.RecordedEvent;
import io.parley.schemas.Tick;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands one after another: the only writer of its partition (ADR 1). Its stores change
 * before it forwards, and with its output in one transaction, so a version check and a look for an
 * earlier answer see all that went before.
 */
final class CommandProcessor implements Processor<String, byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(CommandProcessor.class);
  private static final Duration LOOK_AT_PARKED = Duration.ofMillis(250);
  private static final Duration LOOK_AT_DUE = Duration.ofMillis(100);
  private static final Duration WARM_UP = Duration.ofMillis(10);

  private final Service service;
  private final JournalTopology.Settings settings;
  private final Refold refold;
  private final CommitPace pace;
  private final Overdue overdue;
  private final Traces traces;
  private CommitPace.Task commits;
  private ProcessorContext<byte[], byte[]> context;
  private Fold fold;
  private Permissions permissions;
  private Decisions decisions;
  private Recording recording;
  private Parking parking;
  private Outcomes outcomes;
  private Ticks ticks;
  private Warmth warmth;
  private boolean warm;
  private @Nullable Cancellable warmer;

  CommandProcessor(
      Service service, JournalTopology.Settings settings, Refold refold, CommitPace pace) {
    this(service, settings, refold, pace, new Overdue(settings.nanos()), Traces.OFF);
  }

  @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
  CommandProcessor(
      Service service,
      JournalTopology.Settings settings,
      Refold refold,
      CommitPace pace,
      Overdue overdue,
      Traces traces) {
    this.service = service;
    this.settings = settings;
    this.refold = refold;
    this.pace = pace;
    this.overdue = overdue;
    this.traces = traces;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    commits = pace.of(context);
    KeyValueStore<String, byte[]> states = context.getStateStore(JournalTopology.states(service));
    fold = new Fold(service, states);
    permissions = new Permissions(service, fold);
    decisions = new Decisions(service.name(), fold);
    recording = new Recording(service.name(), fold, processorContext);
    ticks = new Ticks(settings.nanos());
    WindowStore<String, byte[]> remembered = context.getStateStore(JournalTopology.ANSWERS);
    parking =
        new Parking(context.getStateStore(JournalTopology.PARKED), settings.commands().parked());
    outcomes =
        new Outcomes(fold, new Answers(remembered, settings.commands().remembered()), parking);
    warmth = new Warmth(service, states, fold, refold, context.taskId().partition());
    warm = warmth.isWarm();
    context.schedule(LOOK_AT_PARKED, PunctuationType.WALL_CLOCK_TIME, this::expire);
    if (service.restricts()) {
      context.schedule(LOOK_AT_DUE, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }
    if (!warm) {
      // Not here: what init writes belongs to no record, and its transaction could stay open too
      // long.
      warmer = context.schedule(WARM_UP, PunctuationType.WALL_CLOCK_TIME, now -> warmUp());
    }
  }

  @Override
  public void close() {
    overdue.forget(context.taskId().partition());
  }

  @Override
  public void process(Record<String, byte[]> record) {
    warmUp();
    RecordMetadata at = context.recordMetadata().orElseThrow();
    SpecificRecord message = read(record, at);
    switch (message) {
      case null -> LOG.error("{} {}: not readable, passed over", at.topic(), at.offset());
      case Event event -> learn(event, record);
      case OutcomeQuery query ->
          reply(
              ReplyAddress.of(record.headers()),
              outcomes.asked(record.key(), query, record.timestamp()),
              Traces.NONE);
      case Tick tick -> release(record.timestamp());
      case Command command ->
          take(
              new Waiting(
                  at.offset(),
                  record.timestamp(),
                  ReplyAddress.of(record.headers()),
                  command,
                  Traces.read(record.headers())));
      default ->
          throw new CorruptLogException(
              at.topic() + " holds a " + message.getSchema().getFullName());
    }
  }

  /**
   * Null for a command that cannot be read: nobody here wrote it, nobody waits for it, and it must
   * not stand in the way of all that follow. An event that cannot be read stops the task.
   */
  private @Nullable SpecificRecord read(Record<String, byte[]> record, RecordMetadata at) {
    try {
      return Wire.decode(record.value());
    } catch (AvroRuntimeException e) {
      if (at.topic().equals(Topics.commands(service.name()))) {
        return null;
      }
      throw new CorruptLogException(at.topic() + " " + at.offset() + " cannot be read", e);
    }
  }

  /** At the first record or tick: see {@link #init}. */
  private void warmUp() {
    if (warm) {
      return;
    }
    warmth.warmUp();
    warm = true;
    if (warmer != null) {
      warmer.cancel();
    }
  }

  private void learn(Event event, Record<String, byte[]> record) {
    fold.evolve(event, record.timestamp(), record.value());
    decideParked(event.header().negotiation());
  }

  private void take(Waiting waiting) {
    CommandHeader header = waiting.command().header();
    ticks.heard(waiting.arrivedMillis());
    if (!permissions.permit(waiting.command())) {
      // Before all else, so that neither answer nor delay tells what is on record.
      reply(waiting, outcomes.forbidden(waiting));
      return;
    }
    CommandOutcome repeated = outcomes.repeated(waiting);
    if (repeated != null) {
      reply(waiting, repeated);
      return;
    }
    boolean mustWait =
        !parking.isEmpty() && parking.holds(header.negotiation(), waiting.command().aggregate());
    if (mustWait || !permissions.know(header)) {
      park(waiting);
    } else {
      decide(waiting);
      decideParked(header.negotiation());
    }
  }

  private void park(Waiting waiting) {
    if (parking.isFull()) {
      reply(waiting, outcomes.of(waiting, OutcomeKind.OVERLOADED));
    } else {
      parking.add(waiting);
    }
  }

  /**
   * Decides what waited, in order, as long as something can be; one decision may be what the next
   * waits for.
   */
  private void decideParked(String negotiation) {
    boolean decided = !parking.isEmpty();
    while (decided) {
      decided = false;
      List<String> blocked = new ArrayList<>();
      for (Waiting waiting : parking.in(negotiation)) {
        String aggregate = waiting.command().aggregate();
        if (!blocked.contains(aggregate) && permissions.know(waiting.command().header())) {
          parking.remove(waiting);
          takeUnparked(waiting);
          decided = true;
        } else {
          blocked.add(aggregate);
        }
      }
    }
  }

  private void takeUnparked(Waiting waiting) {
    // It may have been sent a second time while the first waited.
    CommandOutcome repeated = outcomes.repeated(waiting);
    if (repeated == null) {
      decide(waiting);
    } else {
      reply(waiting, repeated);
    }
  }

  private void expire(long nowMillis) {
    if (!warm || parking.isEmpty()) {
      return;
    }
    long since = ticks.brokerMillis(nowMillis) - settings.commands().parkedFor().toMillis();
    for (Waiting waiting : parking.before(since)) {
      if (!parking.holds(waiting)) {
        continue; // Decided just now: what it queued behind went away.
      }
      parking.remove(waiting);
      reply(waiting, outcomes.of(waiting, OutcomeKind.NOT_YET_KNOWN));
      decideParked(waiting.command().header().negotiation());
    }
  }

  private void decide(Waiting waiting) {
    Span step = begin(waiting.trace());
    try {
      traces.during(step, () -> decide(waiting, step.getSpanContext()));
    } finally {
      step.end();
    }
  }

  /** Says nothing of what is decided: that may be restricted (ADR 19). */
  private Span begin(SpanContext before) {
    return traces.begin("decide " + service.name(), SpanKind.CONSUMER, before);
  }

  private void decide(Waiting waiting, SpanContext step) {
    Command command = waiting.command();
    CommandHeader header = command.header();
    CommandOutcome outcome;
    Long expected = header.expectedVersion();
    if (!permissions.permit(command) || !permissions.mayLearn(command)) {
      // Known to be another's only now, or still another's though the id would be his by now.
      outcome = outcomes.forbidden(waiting);
    } else if (expected != null
        && fold.version(header.negotiation(), fold.deciding(command)) != expected) {
      outcome = outcomes.of(waiting, OutcomeKind.VERSION_MISMATCH);
    } else {
      Set<String> seen = Fold.nothingSeen();
      outcome =
          switch (decisions.of(waiting, seen)) {
            case null -> outcomes.of(waiting, OutcomeKind.FAILED);
            case Decision.Accepted accepted -> {
              seen.addAll(header.after());
              List<RecordedEvent> events = recording.record(accepted, seen, step);
              yield outcomes.of(waiting, OutcomeKind.ACCEPTED).events(events);
            }
            case Decision.Rejected rejected ->
                outcomes
                    .of(waiting, OutcomeKind.REFUSED)
                    .code(rejected.code())
                    .rule(rejected.rule())
                    .detail(rejected.detail());
            case Decision.Unknown unknown ->
                outcomes
                    .of(waiting, OutcomeKind.UNKNOWN_REFERENCE)
                    .code(unknown.code())
                    .detail(unknown.detail());
          };
    }
    outcomes.remember(outcome, waiting.arrivedMillis());
    reply(waiting, outcome);
  }

  /** Sends itself a tick about when something falls due. */
  private void tick(long nowMillis) {
    if (!warm) {
      return;
    }
    OptionalLong next = fold.due().next();
    overdue.look(context.taskId().partition(), next, ticks.brokerMillis(nowMillis));
    if (ticks.isTime(next)) {
      context.forward(
          ticks.tick(context.taskId().partition(), nowMillis), JournalTopology.TICKS_SINK);
      commits.took();
    }
  }

  /** Makes public what is due by the broker's clock: exactly once, as any decision. */
  private void release(long brokerMillis) {
    ticks.heard(brokerMillis);
    for (Due.Item item : fold.due().at(brokerMillis)) {
      Set<String> seen = Fold.nothingSeen();
      if (decisions.of(item, brokerMillis, seen) instanceof Decision.Accepted accepted) {
        // A trace of its own, as any command's: an event without one would tell of the embargo.
        Span step = begin(Traces.NONE);
        recording.record(accepted, seen, step.getSpanContext());
        step.end();
        commits.took();
        decideParked(item.negotiation());
      }
    }
  }

  private void reply(Waiting waiting, CommandOutcome outcome) {
    reply(waiting.replyTo(), outcome, waiting.trace());
  }

  private void reply(ReplyAddress to, CommandOutcome outcome, SpanContext trace) {
    commits.took();
    if (to.isWanted()) {
      Headers headers = new RecordHeaders();
      Traces.write(trace, headers);
      context.forward(
          new Record<>(to.bytes(), Wire.encode(outcome), context.currentSystemTimeMs(), headers),
          JournalTopology.REPLIES_SINK);
    }
  }
}
