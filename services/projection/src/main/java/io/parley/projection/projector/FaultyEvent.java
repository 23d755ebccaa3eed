package io.parley.projection.projector;

/**
 * An entry that cannot be applied, whatever the view: the log itself is faulty, and the projection
 * of its partition stops before it.
 */
final class FaultyEvent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int partition;
  private final long offset;

  FaultyEvent(int partition, long offset, String detail, Throwable cause) {
    super("partition " + partition + ", offset " + offset + ": " + detail, cause);
    this.partition = partition;
    this.offset = offset;
  }

  static FaultyEvent at(Entry entry, Throwable cause) {
    return new FaultyEvent(
        entry.partition(),
        entry.offset(),
        entry.type()
            + " at "
            + entry.sequence()
            + " of "
            + entry.negotiation()
            + " cannot be applied: "
            + cause.getMessage(),
        cause);
  }

  int partition() {
    return partition;
  }

  long offset() {
    return offset;
  }
}
