package io.parley.projection.audit;

import io.parley.projection.log.Ahead;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Pace;
import io.parley.projection.projector.Recount;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.ChainScan;
import io.parley.projection.timeline.Head;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a negotiation's record from Kafka, entry by entry: its chain, beside what the
 * services decided, and beside the rows of the read models (ADR 12). In constant memory. For one
 * thread.
 */
final class Verification implements AutoCloseable {
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);

  private final ChainScan<Optional<Entry>> timeline;
  private final Sources sources;
  private final Recount recount;
  private final AuditProperties properties;
  private final Set<String> noted;
  private final LongConsumer progress;
  private final BooleanSupplier cancelled;
  private List<Entry> entries = new ArrayList<>();

  /** The fold of the entries before those, while they are read: the last that was folded. */
  private final Ahead<Long> folding = new Ahead<>();

  private Head head = Head.START;
  private long live;
  private @Nullable Difference difference;
  private boolean stopped;

  /**
   * What a verification found.
   *
   * @param length entries of the record that were read
   * @param headHash hash of the last of them, hexadecimal
   * @param restricted where the restricted events of each service end; empty where something open
   *     differs
   * @param first the first difference; null where there is none
   */
  record Finding(
      long length,
      String headHash,
      Map<String, RestrictedHead> restricted,
      @Nullable Difference first) {
    Finding with(Map<String, RestrictedHead> heads, @Nullable Difference other) {
      return new Finding(length, headHash, heads, other);
    }
  }

  /**
   * A verification that has read nothing yet.
   *
   * @param sources opened before the timeline, so that what they had is to be on it
   * @param noted hashes, hexadecimal, that must be of some entry: heads that were written down
   * @param progress told now and then of the entries read
   * @param cancelled whether nobody waits for the end
   */
  Verification(
      Sources sources,
      Scan timeline,
      Recount recount,
      AuditProperties properties,
      Set<String> noted,
      LongConsumer progress,
      BooleanSupplier cancelled) {
    this.sources = sources;
    Pace pace = properties.pace();
    this.timeline =
        new ChainScan<>(timeline, pace.entries(), pace.parallel(), Verification::foldable);
    this.recount = recount;
    this.properties = properties;
    this.noted = new HashSet<>(noted);
    this.progress = progress;
    this.cancelled = cancelled;
  }

  /** Reads it all; ends early where something differs, or nobody waits any more. */
  Finding run() {
    // What the tables had before the log's end is asked for must be in the log; what comes to both
    // later need not be looked at, or this would not end where somebody writes all the time.
    long had = recount.live();
    timeline.extend();
    long deadline = 0;
    while (difference == null && !isStopped()) {
      Optional<Difference> rest;
      try {
        long settled = sources.settled();
        if (read()) {
          deadline = sources.settled() > settled ? 0 : deadline;
          continue;
        }
        rest = difference == null ? rest(had) : Optional.empty();
      } catch (WakeupException nobodyWaits) {
        // What was found by then, of rows too, is found all the same.
        stopped = true;
        break;
      }
      if (rest.isEmpty()) {
        break;
      }
      long now = System.nanoTime();
      deadline = deadline == 0 ? now + properties.settleWithin().toNanos() : deadline;
      if (now > deadline) {
        difference = rest.get();
      } else {
        // The stage and the projector tell nobody here of what they do.
        LockSupport.parkNanos(ASK_AGAIN.toNanos());
        timeline.extend();
      }
    }
    // One that was stopped has not come to every entry.
    if (difference == null && !stopped) {
      noted.stream()
          .findFirst()
          .ifPresent(
              hash ->
                  difference =
                      new Difference("head", "the noted head", head.sequence() + 1, hash, null));
    }
    folded();
    Difference rows = recount.first().map(Verification::rows).orElse(null);
    if (rows == null && difference == null && !stopped) {
      // It is of no entry, and no reason to hide one that differs.
      rows = recount.searched().map(Verification::rows).orElse(null);
    }
    boolean rowsFirst =
        rows != null && (difference == null || rows.sequence() < difference.sequence());
    return new Finding(
        head.sequence(),
        HexFormat.of().formatHex(bytes(head.hash())),
        Map.of(),
        rowsFirst ? rows : difference);
  }

  private static Difference rows(Recount.Difference found) {
    return new Difference(
        "rows",
        found.id().isEmpty() ? found.table() : found.table() + " " + found.id(),
        found.sequence(),
        found.expected(),
        found.found());
  }

  /** Reads some entries; false where there are none just now. */
  private boolean read() {
    long begun = System.nanoTime();
    long before = head.sequence();
    entries = new ArrayList<>(properties.pace().entries());
    ChainScan.Link<Optional<Entry>> link;
    while (head.sequence() - before < properties.pace().entries()
        && difference == null
        && (link = timeline.next()) != null) {
      entry(link);
    }
    if (head.sequence() == before) {
      return false;
    }
    // Also those before an entry that differs: a row of one of them comes first.
    if (applied(head.sequence())) {
      folded();
      if (recount.differs()) {
        return false;
      }
      fold(entries, head.sequence());
    }
    progress.accept(head.sequence());
    // It shares the machine with those who read.
    long worked = System.nanoTime() - begun;
    LockSupport.parkNanos(worked * (100 - properties.share()) / properties.share());
    return true;
  }

  /** Folds entries, on another processor if it may, while the next are read. */
  private void fold(List<Entry> next, long last) {
    if (properties.pace().parallel()) {
      folding.begin(() -> recount.apply(next, last));
    } else {
      recount.apply(next, last);
    }
  }

  /** Waits until all is folded that was to be. */
  private void folded() {
    if (folding.isBegun()) {
      folding.end();
    }
  }

  /** What the views fold; nothing of an event that was erased. */
  private static Optional<Entry> foldable(
      ConsumerRecord<String, byte[]> record, TimelineEntry entry, @Nullable Event event) {
    return Optional.ofNullable(event)
        .map(each -> Entry.of(record.partition(), record.offset(), entry, each));
  }

  private void entry(ChainScan.Link<Optional<Entry>> link) {
    ConsumerRecord<String, byte[]> record = link.record();
    String where = Sources.at(record.topic(), record.partition(), record.offset());
    TimelineEntry entry = link.entry();
    Chain.Checked itself = link.itself();
    if (entry == null || itself == null) {
      difference =
          new Difference("chain", where, head.sequence() + 1, "an entry", "what cannot be read");
      return;
    }
    Chain.Fault found = Chain.follows(head, entry).orElse(itself.fault());
    if (found != null) {
      difference =
          new Difference(
              "chain",
              where,
              head.sequence() + 1,
              found.what() + " " + found.expected(),
              found.what() + " " + found.found());
      return;
    }
    sources.next(entry).ifPresent(other -> difference = other);
    if (difference == null) {
      head = Head.after(entry);
      if (!noted.isEmpty()) {
        noted.remove(HexFormat.of().formatHex(bytes(head.hash())));
      }
      if (link.made() != null) {
        link.made().ifPresent(entries::add);
      }
    }
  }

  private boolean isStopped() {
    stopped |= cancelled.getAsBoolean();
    return stopped;
  }

  /** Whether the live tables have an entry, or come to have it in time. */
  private boolean applied(long sequence) {
    long deadline = System.nanoTime() + properties.settleWithin().toNanos();
    while (live < sequence) {
      live = recount.live();
      if (live < sequence) {
        if (isStopped()) {
          return false;
        }
        if (System.nanoTime() > deadline) {
          String expected = "entry " + (live + 1) + " is applied";
          Difference behind = new Difference("rows", "timeline", live + 1, expected, null);
          difference = difference == null ? behind : difference;
          return false;
        }
        LockSupport.parkNanos(ASK_AGAIN.toNanos());
      }
    }
    return true;
  }

  /**
   * What may not be left once all of the timeline is read.
   *
   * @param had how far the live tables were before its end was asked for
   */
  private Optional<Difference> rest(long had) {
    folded();
    if (recount.differs()) {
      return Optional.empty();
    }
    Optional<Difference> unsettled = sources.left(head.sequence());
    if (unsettled.isPresent()) {
      return unsettled;
    }
    return had > head.sequence()
        ? Optional.of(
            new Difference(
                "rows",
                "timeline",
                head.sequence() + 1,
                null,
                "rows up to " + had + ", where the log ends at " + head.sequence()))
        : Optional.empty();
  }

  @Override
  public void close() {
    folding.drop();
    timeline.close();
  }

  private static byte[] bytes(java.nio.ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
