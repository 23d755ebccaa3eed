package io.parley.projection.audit.export;

import io.parley.projection.log.Ahead;
import io.parley.schemas.TimelineEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * A timeline on its way into a spool: its entries as segments, each with its lines of the chain.
 * The files of one segment are made while the entries of the next are read. For one thread.
 */
final class OpenRecord implements AutoCloseable {
  private final Spool spool;
  private final Ahead<Long> writing = new Ahead<>();
  private final Set<Schema> writers = new HashSet<>();
  private final StringBuilder chain = new StringBuilder();
  private Segment segment = new Segment(Shape.TIMELINE);
  private long from = 1;

  OpenRecord(Spool spool) {
    this.spool = spool;
  }

  /** An entry as it stands in the files. */
  record Laid(TimelineEntry entry, Segment.Item item, String line) {
    static Laid of(TimelineEntry entry) {
      return new Laid(
          entry, new Segment.Item(Shape.head(entry), bytes(entry.event())), ChainLine.of(entry));
    }

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
  }

  /** Adds the next entry. */
  void add(Laid laid) throws IOException {
    if (!segment.takes(laid.item())) {
      write();
      from = laid.entry().sequence();
    }
    segment.add(laid.item());
    chain.append(laid.line());
  }

  /**
   * All of it is in the spool.
   *
   * @return the schemas that its events were written with
   */
  Collection<Schema> end() throws IOException {
    write();
    written();
    return writers;
  }

  private void write() throws IOException {
    Segment full = segment;
    String lines = chain.toString();
    long first = from;
    written();
    writing.begin(() -> put(full, lines, first));
    writers.addAll(full.writers());
    segment = new Segment(Shape.TIMELINE);
    chain.setLength(0);
  }

  private void written() throws IOException {
    try {
      if (writing.isBegun()) {
        writing.end();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private long put(Segment full, String lines, long first) {
    String name = Format.events(first);
    try {
      spool.put(name, full.file(name));
      spool.put(Format.chain(first), lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return first;
  }

  @Override
  public void close() {
    writing.drop();
  }
}
