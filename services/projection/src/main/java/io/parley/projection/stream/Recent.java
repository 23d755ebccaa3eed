package io.parley.projection.stream;

import org.jspecify.annotations.Nullable;

/**
 * The newest events in the order in which the hub published them, bounded in bytes: what somebody
 * missed who comes back at once is sent from here. A chain, so that an event loop walks it while
 * the hub appends.
 */
final class Recent {
  private final long mostBytes;
  private long bytes;
  private Link oldest;
  private Link newest;
  private Position from;

  /** An event in the chain; the start of one has none. */
  static final class Link {
    private final @Nullable StreamEvent event;
    private final Position after;
    private volatile @Nullable Link following;

    Link(@Nullable StreamEvent event, Position after) {
      this.event = event;
      this.after = after;
    }

    @Nullable StreamEvent event() {
      return event;
    }

    /** The hub's position after it. Not to be changed. */
    Position after() {
      return after;
    }

    @Nullable Link following() {
      return following;
    }
  }

  /**
   * The chain as it is now.
   *
   * @param before the link before the first event
   * @param from everything from this position on is in it
   */
  record View(Link before, Position from) {}

  Recent(long mostBytes, Position position) {
    this.mostBytes = mostBytes;
    this.oldest = new Link(null, position);
    this.newest = oldest;
    this.from = position.copy();
  }

  Link newest() {
    return newest;
  }

  View view() {
    return new View(oldest, from.copy());
  }

  void add(Link link) {
    newest.following = link;
    newest = link;
    bytes += weight(link);
    while (bytes > mostBytes) {
      Link next = oldest.following;
      if (next == null || next.event == null) {
        break;
      }
      bytes -= weight(next);
      from.pass(next.event);
      oldest = next;
    }
  }

  /** Forgets all: nobody listens. */
  void clear(Position position) {
    bytes = 0;
    oldest = new Link(null, position);
    newest = oldest;
    from = position.copy();
  }

  private static int weight(Link link) {
    return link.event == null ? 0 : link.event.weight() + Long.BYTES * link.after.partitions();
  }
}
