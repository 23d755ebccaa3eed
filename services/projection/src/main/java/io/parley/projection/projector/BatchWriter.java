package io.parley.projection.projector;

import io.r2dbc.spi.R2dbcException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds entries by all views and writes them with the positions after them. Where a view does not
 * take one, or PostgreSQL not what the view makes of it, that view stands still there in that
 * negotiation (ADR 8). For one thread.
 */
final class BatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

  private final Store store;
  private final Batch batch;
  private final Set<String> views;

  /** The offset of the next record to apply, for each partition that this instance projects. */
  private final Map<Integer, Long> positions = new HashMap<>();

  /** Of the tables that the positions and what is in memory are of. */
  private long build;

  BatchWriter(Store store, Batch batch) {
    this.store = store;
    this.batch = batch;
    this.views = Set.copyOf(batch.folds().stream().map(fold -> fold.view().table()).toList());
  }

  Map<Integer, Long> positions() {
    return positions;
  }

  long build() {
    return build;
  }

  /**
   * Goes on with tables of this build.
   *
   * @return whether it is another than before
   */
  boolean build(long found) {
    boolean other = build != found;
    build = found;
    if (other) {
      batch.forget();
    }
    return other;
  }

  Halts halts() {
    return batch.halts();
  }

  /** Nothing in memory but the positions is sure. */
  void forget() {
    batch.forget();
  }

  void revoked(Collection<Integer> partitions) {
    positions.keySet().removeAll(partitions);
    batch.forget();
  }

  /**
   * Applies entries; where the log is faulty, those of its partition before the fault.
   *
   * @return the faults
   * @throws Fenced where another instance has moved a position
   */
  List<FaultyEvent> apply(List<Entry> entries) {
    List<FaultyEvent> faults = new ArrayList<>();
    List<Entry> rest = entries;
    while (!rest.isEmpty()) {
      try {
        Halving.write(rest, this::write, this::blame);
        return faults;
      } catch (FaultyEvent fault) {
        rest = before(fault, rest);
        faults.add(fault);
      }
    }
    return faults;
  }

  /** What is still to be written: halving may have written some of it. */
  private List<Entry> before(FaultyEvent fault, List<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.partition() != fault.partition() || entry.offset() < fault.offset())
        .filter(entry -> entry.offset() >= positions.getOrDefault(entry.partition(), 0L))
        .toList();
  }

  private void write(List<Entry> entries) {
    Map<Integer, Store.Step> steps = new HashMap<>();
    for (Entry entry : entries) {
      long next = entry.offset() + 1;
      steps.merge(
          entry.partition(),
          new Store.Step(entry.partition(), positions.getOrDefault(entry.partition(), 0L), next, 1),
          (one, two) ->
              new Store.Step(
                  one.partition(), one.from(), Math.max(one.to(), next), one.entries() + 1));
    }
    boolean written = false;
    try {
      store.load(batch, entries);
      batch.apply(entries);
      if (!store.write(batch, build, steps.values())) {
        throw new Fenced();
      }
      batch
          .halts()
          .begun()
          .forEach(
              (halt, why) ->
                  LOG.error(
                      "the view {} stands still from here on: {}", halt.view(), why.getMessage()));
      batch.settle();
      steps.values().forEach(step -> positions.put(step.partition(), step.to()));
      written = true;
    } catch (R2dbcException e) {
      // Of no view's table, so that it may be of any entry.
      throw Refused.of("", e);
    } finally {
      if (!written) {
        batch.discard();
      }
    }
  }

  private void blame(Entry entry, Refused refusal) {
    if (!views.contains(refusal.table())) {
      throw FaultyEvent.at(entry, refusal);
    }
    batch.halts().refuse(refusal.table(), entry, refusal);
  }
}
