package io.parley.journal.stream;

import io.parley.journal.Service;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a partition's store of states knows all events. It is a cache of their fold, never the
 * only place of a state: one of a new name, or one that fell behind, is filled from the topics.
 */
final class Warmth {
  private static final Logger LOG = LoggerFactory.getLogger(Warmth.class);

  /** Key of the store that says it was folded from the events; no negotiation's name is empty. */
  private static final String WARM = "/";

  private final Service service;
  private final KeyValueStore<String, byte[]> states;
  private final Fold fold;
  private final Refold refold;
  private final int partition;

  Warmth(
      Service service,
      KeyValueStore<String, byte[]> states,
      Fold fold,
      Refold refold,
      int partition) {
    this.service = service;
    this.states = states;
    this.fold = fold;
    this.refold = refold;
    this.partition = partition;
  }

  /**
   * A store that was folded once may have fallen behind since: while another fold version decided,
   * nothing came into this one. Every event passes through the store of its owner, in order, so a
   * store that knows the last one knows all.
   */
  boolean isWarm() {
    return states.get(WARM) != null && own().allMatch(this::knowsLast);
  }

  private boolean knowsLast(String topic) {
    Event last = refold.last(topic, partition);
    return last == null
        || fold.version(last.header().negotiation(), last.header().aggregate())
            >= last.header().version();
  }

  /** Fills the store from the events. */
  void warmUp() {
    long started = System.nanoTime();
    fold.stage();
    refold.read(
        Stream.concat(own(), Topics.SERVICES.stream().map(Topics::events)).distinct().toList(),
        partition,
        fold::evolve);
    fold.unstage();
    states.put(WARM, new byte[0]);
    LOG.info(
        // Not how many: the restricted ones are among them.
        "{} partition {}: folded the events into the store in {} ms",
        service.name(),
        partition,
        (System.nanoTime() - started) / 1_000_000);
  }

  private Stream<String> own() {
    Stream<String> open = Stream.of(Topics.events(service.name()));
    return service.restricts()
        ? Stream.concat(open, Stream.of(Topics.restricted(service.name())))
        : open;
  }
}
