package io.parley.projection.timeline;

import io.parley.journal.reading.Topics;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the parked events of one partition within bounds, without losing one.
 *
 * <p>An event is decided after its cause is in its topic, so it waits only as long as this stage
 * lags behind on the cause's topic: parking is short unless something is wrong. Once the bound is
 * reached, the topics with parked events are held: this partition of them is read no further, all
 * its negotiations included, while the others are. A topic that some parked event waits for is
 * never held, as what would free it may stand anywhere in it. What Kafka Streams has fetched
 * already still comes, hence the room above the bound. Half the bound releases.
 *
 * <p>Where every topic with parked events is also waited for, holding cannot help. Then more are
 * parked, up to {@link #limit}; there the stage stops before the record ({@link
 * ParkingFullException}), and goes on from it with a higher bound.
 */
final class Bounds {
  /** What Kafka Streams may have in hand of one partition when it is held: see TimelineStage. */
  static final int IN_HAND = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Bounds.class);

  private final TimelineSettings settings;
  private final int partition;
  private final Holds holds;

  Bounds(TimelineSettings settings, int partition, Holds holds) {
    this.settings = settings;
    this.partition = partition;
    this.holds = holds;
  }

  /** Most events that are ever parked of one partition. */
  int limit() {
    return 2 * settings.parked() + 3 * IN_HAND;
  }

  void requireRoom(Parking parking, SourceRecord record) {
    if (parking.total() >= limit()) {
      throw new ParkingFullException(
          record.position()
              + " waits for an event of "
              + parking.needed()
              + ", as do "
              + parking.total()
              + " others: no room. Nothing is lost; raise parked above "
              + settings.parked()
              + ", or find out why the cause does not come");
    }
  }

  /**
   * Holds and releases topics.
   *
   * @param negotiation the one that has changed; null after a restart: any
   */
  void apply(Parking parking, @Nullable String negotiation) {
    holds.parked(partition, parking.total());
    Set<String> held = holds.held(partition);
    int most = negotiation == null ? parking.most() : parking.size(negotiation);
    boolean over = parking.total() >= settings.parked() || most >= settings.parkedPerNegotiation();
    if (!over && held.isEmpty()) {
      return;
    }
    Set<String> wanted = over ? parking.services() : new TreeSet<>(held);
    wanted.removeAll(parking.needed());
    if (!over
        && parking.total() <= settings.parked() / 2
        && parking.most() <= settings.parkedPerNegotiation() / 2) {
      wanted.clear();
    } else if (over) {
      wanted.addAll(held);
      wanted.removeAll(parking.needed());
    }
    if (!wanted.equals(held)) {
      holds.set(partition, wanted);
      if (wanted.isEmpty()) {
        LOG.info("timeline partition {}: reading every topic again", partition);
      } else {
        LOG.error(
            "timeline partition {}: {} events wait for events of {}, the bound is {} ({} of one"
                + " negotiation). Held, with all their negotiations: {}. Nothing is lost.",
            partition,
            parking.total(),
            parking.needed(),
            settings.parked(),
            settings.parkedPerNegotiation(),
            wanted);
      }
    }
  }

  /** The partition of a service's events that a hold stands for. */
  static TopicPartition topicPartition(String service, int partition) {
    return new TopicPartition(Topics.events(service), partition);
  }
}
