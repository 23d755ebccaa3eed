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
  private final Bytes file = new Bytes(1 << 16);
  private Part filling = new Part();
  private Part other = new Part();
  private long from = 1;

  OpenRecord(Spool spool) {
    this.spool = spool;
  }

  /** A segment with its part of the chain. */
  private record Part(Segment segment, Bytes chain) {
    Part() {
      this(new Segment(Shape.TIMELINE), new Bytes(1 << 16));
    }

    void clear() {
      segment.clear();
      chain.reset();
    }
  }

  /** An entry as it stands in the files. */
  record Laid(TimelineEntry entry, Segment.Item item, ByteBuffer line) {
    /**
     * Lays out an entry.
     *
     * @param framed its record, of which it was read
     */
    static Laid of(byte[] framed, TimelineEntry entry) {
      return new Laid(
          entry,
          new Segment.Item(Shape.head(framed, entry), entry.event()),
          ByteBuffer.wrap(ChainLine.of(entry).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Adds the next entry. */
  void add(Laid laid) throws IOException {
    if (!filling.segment.takes(laid.item())) {
      write();
      from = laid.entry().sequence();
    }
    filling.segment.add(laid.item());
    filling.chain.add(laid.line());
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
    Part full = filling;
    long first = from;
    written();
    writing.begin(() -> put(full, first));
    writers.addAll(full.segment.writers());
    filling = other;
    filling.clear();
    other = full;
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

  private long put(Part full, long first) {
    String name = Format.events(first);
    try {
      file.reset();
      full.segment.write(name, file);
      spool.put(name, file.all());
      spool.put(Format.chain(first), full.chain.all());
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
