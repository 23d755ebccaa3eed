package io.parley.journal.stream;

import io.parley.journal.Decision;
import io.parley.journal.Service;
import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.OutcomeQuery;
import io.parley.schemas.RecordedEvent;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final Duration WARM_UP = Duration.ofMillis(10);

  /** Key of the store that says it was folded from the events; no negotiation's name is empty. */
  private static final String WARM = "/";

  private final Service service;
  private final JournalTopology.Settings settings;
  private final Refold refold;
  private final CommitPace pace;
  private CommitPace.Task commits;
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<String, byte[]> states;
  private Fold fold;
  private Decisions decisions;
  private Answers answers;
  private Parking parking;
  private boolean warm;
  private @Nullable Cancellable warmer;

  @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
  CommandProcessor(
      Service service, JournalTopology.Settings settings, Refold refold, CommitPace pace) {
    this.service = service;
    this.settings = settings;
    this.refold = refold;
    this.pace = pace;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    commits = pace.of(context);
    states = context.getStateStore(JournalTopology.states(service));
    fold = new Fold(service, states);
    decisions = new Decisions(service.name(), fold);
    WindowStore<String, byte[]> remembered = context.getStateStore(JournalTopology.ANSWERS);
    answers = new Answers(remembered, settings.commands().remembered());
    parking =
        new Parking(context.getStateStore(JournalTopology.PARKED), settings.commands().parked());
    warm = states.get(WARM) != null && isCurrent();
    context.schedule(LOOK_AT_PARKED, PunctuationType.WALL_CLOCK_TIME, this::expire);
    if (!warm) {
      // Not here: what init writes belongs to no record, and its transaction could stay open too
      // long.
      warmer = context.schedule(WARM_UP, PunctuationType.WALL_CLOCK_TIME, now -> warmUp());
    }
  }

  @Override
  public void process(Record<String, byte[]> record) {
    warmUp();
    RecordMetadata at = context.recordMetadata().orElseThrow();
    SpecificRecord message = read(record, at);
    switch (message) {
      case null -> LOG.error("{} {}: not readable, passed over", at.topic(), at.offset());
      case Event event -> learn(event);
      case OutcomeQuery query ->
          reply(
              ReplyAddress.of(record.headers()), answerTo(record.key(), query, record.timestamp()));
      case Command command ->
          take(
              new Waiting(
                  at.offset(), record.timestamp(), ReplyAddress.of(record.headers()), command));
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

  /**
   * A store that was folded once may have fallen behind since: while another fold version decided,
   * nothing came into this one. Every event passes through the store of its owner, in order, so a
   * store that knows the last one knows all.
   */
  private boolean isCurrent() {
    Event last = refold.last(Topics.events(service.name()), context.taskId().partition());
    return last == null
        || fold.version(last.header().negotiation(), last.header().aggregate())
            >= last.header().version();
  }

  /**
   * Fills a store of a new name, or one that fell behind, from the events: the store is a cache of
   * the fold, never the only place of a state.
   */
  private void warmUp() {
    if (warm) {
      return;
    }
    long started = System.nanoTime();
    fold.stage();
    long events =
        refold.read(
            Topics.SERVICES.stream().map(Topics::events).toList(),
            context.taskId().partition(),
            fold::evolve);
    fold.unstage();
    states.put(WARM, new byte[0]);
    warm = true;
    if (warmer != null) {
      warmer.cancel();
    }
    LOG.info(
        "{} {}: folded {} events into the store in {} ms",
        service.name(),
        context.taskId(),
        events,
        (System.nanoTime() - started) / 1_000_000);
  }

  private void learn(Event event) {
    fold.evolve(event);
    decideParked(event.header().negotiation());
  }

  private void take(Waiting waiting) {
    CommandHeader header = waiting.command().header();
    if (header.keyed()) {
      CommandOutcome earlier = answers.find(header.id(), waiting.arrivedMillis());
      if (earlier != null) {
        reply(
            waiting.replyTo(),
            sameBody(earlier, header) ? earlier : outcome(waiting, OutcomeKind.KEY_REUSED));
        return;
      }
    }
    boolean mustWait =
        !parking.isEmpty() && parking.holds(header.negotiation(), waiting.command().aggregate());
    if (mustWait || !fold.knows(header.after())) {
      park(waiting);
    } else {
      decide(waiting);
      decideParked(header.negotiation());
    }
  }

  private static boolean sameBody(CommandOutcome earlier, CommandHeader header) {
    return earlier.bodyDigest().equals(header.bodyDigest());
  }

  private void park(Waiting waiting) {
    if (parking.isFull()) {
      reply(waiting.replyTo(), outcome(waiting, OutcomeKind.OVERLOADED));
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
        if (!blocked.contains(aggregate) && fold.knows(waiting.command().header().after())) {
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
    CommandHeader header = waiting.command().header();
    // It may have been sent a second time while the first waited.
    CommandOutcome earlier =
        header.keyed() ? answers.find(header.id(), waiting.arrivedMillis()) : null;
    if (earlier == null) {
      decide(waiting);
    } else {
      reply(
          waiting.replyTo(),
          sameBody(earlier, header) ? earlier : outcome(waiting, OutcomeKind.KEY_REUSED));
    }
  }

  private void expire(long nowMillis) {
    if (!warm || parking.isEmpty()) {
      return;
    }
    for (Waiting waiting : parking.before(nowMillis - settings.commands().parkedFor().toMillis())) {
      if (!parking.holds(waiting)) {
        continue; // Decided just now: what it queued behind went away.
      }
      parking.remove(waiting);
      reply(waiting.replyTo(), outcome(waiting, OutcomeKind.NOT_YET_KNOWN));
      decideParked(waiting.command().header().negotiation());
    }
  }

  private void decide(Waiting waiting) {
    Command command = waiting.command();
    CommandHeader header = command.header();
    CommandOutcome outcome;
    Long expected = header.expectedVersion();
    if (expected != null && fold.version(header.negotiation(), command.aggregate()) != expected) {
      outcome = outcome(waiting, OutcomeKind.VERSION_MISMATCH);
    } else {
      Set<String> seen = Fold.nothingSeen();
      outcome =
          switch (decisions.of(waiting, seen)) {
            case null -> outcome(waiting, OutcomeKind.FAILED);
            case Decision.Accepted accepted -> {
              seen.addAll(header.after());
              yield record(waiting, accepted.events(), List.copyOf(seen));
            }
            case Decision.Rejected rejected ->
                outcome(waiting, OutcomeKind.REFUSED)
                    .code(rejected.code())
                    .rule(rejected.rule())
                    .detail(rejected.detail());
            case Decision.Unknown unknown ->
                outcome(waiting, OutcomeKind.UNKNOWN_REFERENCE)
                    .code(unknown.code())
                    .detail(unknown.detail());
          };
    }
    if (outcome.kind() != OutcomeKind.UNKNOWN_REFERENCE && outcome.kind() != OutcomeKind.FAILED) {
      answers.remember(outcome, waiting.arrivedMillis());
    }
    reply(waiting.replyTo(), outcome);
  }

  private CommandOutcome record(Waiting waiting, List<Event> events, List<String> seen) {
    CommandHeader header = waiting.command().header();
    List<RecordedEvent> recorded = new ArrayList<>(events.size());
    for (Event event : events) {
      String aggregate = event.aggregate();
      long version = fold.version(header.negotiation(), aggregate) + 1;
      String id = new Token(service.name(), header.negotiation(), aggregate, version).toString();
      event.header().id(id).aggregate(aggregate).version(version).seen(seen);
      fold.evolve(event);
      publish(event);
      recorded.add(new RecordedEvent().id(id).type(event.type()).version(version));
    }
    return outcome(waiting, OutcomeKind.ACCEPTED).events(recorded);
  }

  private void publish(Event event) {
    Headers headers = new RecordHeaders();
    CloudEvents.describe(event, service.name(), headers);
    byte[] key = event.header().negotiation().getBytes(StandardCharsets.UTF_8);
    long millis = event.header().decidedAt().toEpochMilli();
    context.forward(
        new Record<>(key, Wire.encode(event), millis, headers), JournalTopology.EVENTS_SINK);
  }

  private CommandOutcome answerTo(String negotiation, OutcomeQuery query, long nowMillis) {
    CommandOutcome found = answers.find(query.commandId(), nowMillis);
    if (found != null) {
      return found;
    }
    boolean waits = parking.holdsCommand(negotiation, query.commandId());
    return new CommandOutcome()
        .commandId(query.commandId())
        .kind(waits ? OutcomeKind.COMMAND_PENDING : OutcomeKind.COMMAND_UNKNOWN)
        .negotiation(negotiation)
        .aggregate("")
        .bodyDigest(ByteBuffer.allocate(0));
  }

  private CommandOutcome outcome(Waiting waiting, OutcomeKind kind) {
    CommandHeader header = waiting.command().header();
    String aggregate = waiting.command().aggregate();
    return new CommandOutcome()
        .commandId(header.id())
        .kind(kind)
        .negotiation(header.negotiation())
        .aggregate(aggregate)
        .version(fold.version(header.negotiation(), aggregate))
        .bodyDigest(header.bodyDigest());
  }

  private void reply(ReplyAddress to, CommandOutcome outcome) {
    commits.took();
    if (to.isWanted()) {
      context.forward(
          new Record<>(to.bytes(), Wire.encode(outcome), context.currentSystemTimeMs()),
          JournalTopology.REPLIES_SINK);
    }
  }
}
