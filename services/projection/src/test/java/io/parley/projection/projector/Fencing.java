package io.parley.projection.projector;

import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** What two projectors do that both believe that a partition is theirs. */
public final class Fencing {
  private final Store store;
  private final Batch batch;

  private Fencing(ConfigurableApplicationContext service) {
    this.store = service.getBean(Store.class);
    this.batch =
        new Batch(
            service
                .getBeanProvider(View.class)
                .orderedStream()
                .<View<?>>map(v -> (View<?>) v)
                .toList(),
            service.getBean(Log.class),
            100);
  }

  /** A projector of its own, on the service's tables. */
  public static Fencing of(ConfigurableApplicationContext service) {
    Fencing fencing = new Fencing(service);
    fencing.store.create();
    return fencing;
  }

  /** Folds these entries as from a position; nothing is written yet. */
  public void fold(List<Entry> entries) {
    store.load(batch, entries);
    batch.apply(entries);
  }

  /** Writes what was folded, if the position is still that. */
  public boolean write(int partition, long from, long to) {
    boolean written = store.write(batch, Map.of(partition, from), Map.of(partition, to));
    batch.discard();
    return written;
  }
}
