package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import io.parley.projection.projector.DeadLetter.Named;
import io.parley.projection.projector.DeadLetter.OfPartition;
import io.parley.projection.projector.DeadLetter.OfView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What would follow of another try, or of passing over an entry: the timeline is folded from there,
 * and nothing is written. What PostgreSQL would refuse of the rows it does not find.
 */
@Component
public final class Rehearsal {
  /** Most entries that are folded. */
  public static final int MOST_ENTRIES = 10_000;

  /** How long it reads at most. */
  public static final Duration MOST_TIME = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Store store;
  private final HaltedTable halted;
  private final List<View<?>> views;
  private final Log log;
  private final Skips skips;
  private final Clients clients;

  Rehearsal(
      Store store, HaltedTable halted, List<View<?>> views, Log log, Skips skips, Clients clients) {
    this.store = store;
    this.halted = halted;
    this.views = views;
    this.log = log;
    this.skips = skips;
    this.clients = clients;
  }

  /**
   * What would follow.
   *
   * @param entries entries that would be taken
   * @param rows rows that would be written
   * @param whole whether all that is applied elsewhere was looked at; false: a bound was met before
   * @param next where it would stand still; null where nowhere, as far as was looked
   */
  public record Outlook(long entries, long rows, boolean whole, @Nullable Next next) {}

  /** An entry that would not be taken; of a record that cannot be read only the offset is known. */
  public record Next(
      @Nullable Long sequence,
      long offset,
      @Nullable String type,
      @Nullable String aggregate,
      String reason) {}

  /**
   * Looks at it; blocks, for {@link #MOST_TIME} or a little longer. Nothing where it does not stand
   * there any more.
   *
   * @param skip whether the entry itself is passed over
   */
  public Optional<Outlook> of(Named named, boolean skip) {
    skips.refresh();
    return switch (named) {
      case OfView at -> ofView(at, skip);
      case OfPartition at -> ofPartition(at);
    };
  }

  private Optional<Outlook> ofView(OfView at, boolean skip) {
    Halt halt = halted.standing(at.key()).block();
    Optional<View<?>> view =
        views.stream().filter(each -> each.table().equals(at.view())).findFirst();
    if (halt == null || halt.sequence() != at.sequence() || view.isEmpty()) {
      return Optional.empty();
    }
    ViewFold<?> fold = new ViewFold<>(view.get(), Integer.MAX_VALUE);
    long[] counted = {0, 0};
    try (Reading reading = new Reading(halt.partition(), halt.offset())) {
      while (reading.goesOn(counted[0])) {
        List<Entry> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : reading.next()) {
          if (record.key() == null
              || new String(record.key(), StandardCharsets.UTF_8).equals(halt.negotiation())) {
            entries.add(Entry.read(record.partition(), record.offset(), record.value()));
          }
        }
        entries.removeIf(
            entry ->
                !entry.negotiation().equals(halt.negotiation())
                    || entry.sequence() < halt.sequence()
                    || (skip && entry.sequence() == halt.sequence())
                    || skips.passes(at.view(), entry));
        store.load(fold, entries);
        for (Entry entry : entries) {
          try {
            fold.apply(entry);
            counted[0]++;
          } catch (RuntimeException e) {
            Next next =
                new Next(
                    entry.sequence(),
                    entry.offset(),
                    entry.type(),
                    entry.aggregate(),
                    Halt.reason(e));
            return Optional.of(
                new Outlook(counted[0], counted[1] + fold.rows().size(), true, next));
          }
        }
        counted[1] += fold.rows().size();
        fold.settle();
      }
      return Optional.of(new Outlook(counted[0], counted[1], reading.isOver(), null));
    }
  }

  private Optional<Outlook> ofPartition(OfPartition at) {
    long position =
        Objects.requireNonNull(store.positions(List.of(at.partition())).get(at.partition()));
    if (position > at.offset()) {
      return Optional.empty();
    }
    Batch batch = new Batch(views, log, skips, Integer.MAX_VALUE);
    batch.halts().any(true);
    long entries = 0;
    long rows = 0;
    try (Reading reading = new Reading(at.partition(), position)) {
      while (reading.goesOn(entries)) {
        List<Entry> read = new ArrayList<>();
        Next next = null;
        for (ConsumerRecord<byte[], byte[]> record : reading.next()) {
          try {
            read.add(Entry.read(record.partition(), record.offset(), record.value()));
          } catch (RuntimeException e) {
            next =
                new Next(null, record.offset(), null, null, "it cannot be read: " + Halt.reason(e));
            break;
          }
        }
        try {
          fold(batch, read);
        } catch (FaultyEvent fault) {
          batch.discard();
          Entry faulty =
              read.stream()
                  .filter(each -> each.offset() == fault.offset())
                  .findFirst()
                  .orElseThrow();
          read = read.subList(0, read.indexOf(faulty));
          fold(batch, read);
          next =
              new Next(
                  faulty.sequence(),
                  faulty.offset(),
                  faulty.type(),
                  faulty.aggregate(),
                  Halt.reason(fault));
        }
        entries += read.size();
        rows += batch.changes().stream().mapToLong(Change::rows).sum();
        batch.settle();
        if (next != null) {
          return Optional.of(new Outlook(entries, rows, true, next));
        }
      }
      return Optional.of(new Outlook(entries, rows, reading.isOver(), null));
    }
  }

  private void fold(Batch batch, List<Entry> entries) {
    store.load(batch, entries);
    batch.apply(entries);
  }

  /** A partition, read from an offset up to where it is applied, or ends. */
  private final class Reading implements AutoCloseable {
    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer = clients.reader();
    private final long end;
    private final long deadline = System.nanoTime() + MOST_TIME.toNanos();

    Reading(int partition, long from) {
      this.partition = new TopicPartition(Topics.TIMELINE, partition);
      consumer.assign(List.of(this.partition));
      consumer.seek(this.partition, from);
      Map<Integer, Long> positions = store.positions(List.of(partition));
      long position = positions.getOrDefault(partition, 0L);
      // A view takes what is applied elsewhere; a partition all that there is.
      this.end =
          position > from
              ? position
              : consumer
                  .endOffsets(List.of(this.partition), MOST_TIME)
                  .getOrDefault(this.partition, from);
    }

    boolean isOver() {
      return consumer.position(partition, MOST_TIME) >= end;
    }

    boolean goesOn(long entries) {
      return !isOver() && entries < MOST_ENTRIES && System.nanoTime() < deadline;
    }

    List<ConsumerRecord<byte[], byte[]>> next() {
      return consumer.poll(POLL).records(partition).stream()
          .filter(record -> record.offset() < end)
          .toList();
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
