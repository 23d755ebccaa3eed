package io.parley.projection.projector;

import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** What two projectors do that both believe that a partition is theirs. */
public final class Fencing {
  private final Store store;
  private final HaltedTable halted;
  private final Batch batch;
  private long build;

  private Fencing(ConfigurableApplicationContext service) {
    this.store = service.getBean(Store.class);
    this.halted = service.getBean(HaltedTable.class);
    this.batch =
        new Batch(
            service
                .getBeanProvider(View.class)
                .orderedStream()
                .<View<?>>map(v -> (View<?>) v)
                .toList(),
            service.getBean(Log.class),
            service.getBean(Skips.class),
            100);
  }

  /** A projector of its own, on the service's tables. */
  public static Fencing of(ConfigurableApplicationContext service) {
    Fencing fencing = new Fencing(service);
    fencing.store.create();
    fencing.build = fencing.store.build();
    return fencing;
  }

  /** Folds these entries as from a position; nothing is written yet. */
  public void fold(List<Entry> entries) {
    batch.halts().any(true);
    store.load(batch, entries);
    batch.apply(entries);
  }

  /** Writes what was folded, if the position is still that. */
  public boolean write(int partition, long from, long to) {
    boolean written =
        store.write(batch, build, List.of(new Store.Step(partition, from, to, to - from)));
    batch.discard();
    return written;
  }

  /**
   * As if the one halted view of a partition had taken the entry that it stands at, which is the
   * last.
   */
  public boolean catchUp(int partition, long position, long sequence) {
    Halt found = halted.before(partition, Long.MAX_VALUE, null, 1).getFirst();
    Halt stands = at(found, sequence);
    Halt goesOn = at(found, sequence + 1);
    return halted.write(
        new HaltedTable.At(build, partition, position),
        List.of(new HaltedTable.Move(stands, goesOn)),
        List.of(),
        List.of(goesOn));
  }

  private static Halt at(Halt halt, long sequence) {
    return new Halt(
        halt.view(),
        halt.negotiation(),
        sequence,
        halt.partition(),
        halt.offset(),
        halt.type(),
        halt.aggregate(),
        halt.reason(),
        halt.attempts(),
        halt.since(),
        halt.behind());
  }
}
