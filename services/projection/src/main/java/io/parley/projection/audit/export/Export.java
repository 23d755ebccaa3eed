package io.parley.projection.audit.export;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.export.OpenRecord.Laid;
import io.parley.projection.log.Scan;
import io.parley.projection.read.AsOf;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.ChainScan;
import io.parley.projection.timeline.Head;
import io.parley.schemas.TimelineEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Exports a negotiation from the log alone, in two steps: its record is read, checked and laid out
 * in a {@link Spool}; then, if it is whole, packed. In constant memory: one segment.
 *
 * <p>For one thread, but for {@link #stop}.
 */
public final class Export {
  /** Entries that are checked at once, on all processors. */
  private static final int AT_ONCE = 500;

  private final Brokers brokers;
  private final int partitions;
  private final String negotiation;
  private final Map<String, Schema> writers = new TreeMap<>();
  private volatile @Nullable Scan reading;
  private volatile boolean stopped;

  /**
   * An export of a negotiation.
   *
   * @param partitions how many each topic has
   */
  public Export(Brokers brokers, int partitions, String negotiation) {
    this.brokers = brokers;
    this.partitions = partitions;
    this.negotiation = negotiation;
  }

  /**
   * What is to be exported, whole as far as its chain says.
   *
   * @param length number of entries; the last one's sequence
   * @param headHash hash of the last entry, in hexadecimal
   * @param restrictedUntil up to when restricted events are of the same moment, in milliseconds
   *     since 1970: these have no place on the timeline
   */
  public record Found(
      String negotiation,
      long length,
      Instant firstRecorded,
      Instant lastRecorded,
      String headHash,
      long restrictedUntil) {}

  /** A record that is not whole: nothing of it is handed out. */
  public static class BrokenRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenRecord(String what) {
      super(what, null, false, false);
    }
  }

  /** The same of what is restricted: that a negotiation has such things is not for logs (ADR 7). */
  public static final class BrokenRestricted extends BrokenRecord {
    private static final long serialVersionUID = 1L;

    BrokenRestricted(String what) {
      super(what);
    }
  }

  /**
   * Reads the record up to a moment, all of it, and checks it.
   *
   * @param asOf the moment; null for now
   * @param restricted whether the restricted part is to follow on the open one
   * @param spool gets the files, but for the two that come first
   * @return nothing where the negotiation did not exist then
   * @throws BrokenRecord where it is not whole; {@link BrokenRestricted} where that is so of the
   *     restricted part alone
   * @throws Spool.TooLarge where the spool takes no more
   * @throws IOException where it cannot be written to the spool
   * @throws org.apache.kafka.common.KafkaException where the log cannot be read
   */
  public Optional<Found> read(@Nullable AsOf asOf, boolean restricted, Spool spool)
      throws IOException {
    // First: what is restricted is of no later moment than the head.
    List<Scan> scans = restricted ? openRestricted() : List.of();
    try (ChainScan<Laid> timeline =
        new ChainScan<>(
            open(Topics.TIMELINE),
            AT_ONCE,
            true,
            (record, entry, event) -> Laid.of(record.value(), entry))) {
      Optional<Found> found = readEvents(timeline, asOf, spool);
      if (found.isPresent()) {
        writeSchemas("", spool);
        if (restricted) {
          writeRestricted(scans, found.get().restrictedUntil(), spool);
        }
      }
      return found;
    } catch (Scan.BeginningGone gone) {
      boolean open = gone.partition().topic().equals(Topics.TIMELINE);
      throw open
          ? new BrokenRecord("its log does not begin at its beginning any more")
          : new BrokenRestricted("a topic beside the timeline does not begin at its beginning");
    } finally {
      scans.forEach(Scan::close);
    }
  }

  private Optional<Found> readEvents(ChainScan<Laid> timeline, @Nullable AsOf asOf, Spool spool)
      throws IOException {
    Head head = Head.START;
    Instant first = Instant.EPOCH;
    try (OpenRecord files = new OpenRecord(spool)) {
      while (!isAt(head, asOf)) {
        Laid laid = next(timeline, head);
        if (laid == null || isBehind(laid.entry(), asOf)) {
          break;
        }
        files.add(laid);
        head = Head.after(laid.entry());
        if (head.sequence() == 1) {
          first = laid.entry().recordedAt();
        }
      }
      if (head.sequence() == 0) {
        return Optional.empty();
      }
      note(files.end());
    }
    return Optional.of(
        new Found(
            negotiation,
            head.sequence(),
            first,
            head.recordedAt(),
            Format.hex(head.hash()),
            restrictedUntil(head, asOf)));
  }

  private static long restrictedUntil(Head head, @Nullable AsOf asOf) {
    if (asOf instanceof AsOf.AtInstant(Instant instant)) {
      return instant.toEpochMilli();
    }
    return asOf instanceof AsOf.AtSequence(long sequence) && sequence == head.sequence()
        ? head.recordedAt().toEpochMilli()
        : Long.MAX_VALUE;
  }

  /** What comes after a sequence number is not looked at, whole or not. */
  private static boolean isAt(Head head, @Nullable AsOf asOf) {
    return asOf instanceof AsOf.AtSequence(long sequence) && head.sequence() >= sequence;
  }

  /** By what an entry itself says, which is checked by then. */
  private static boolean isBehind(TimelineEntry entry, @Nullable AsOf asOf) {
    return asOf instanceof AsOf.AtInstant(Instant instant)
        && entry.recordedAt().toEpochMilli() > instant.toEpochMilli();
  }

  /**
   * Writes the ZIP.
   *
   * @param spool what was read
   * @param out not closed
   * @throws IOException where it cannot be written
   */
  public static void write(Found found, Spool spool, OutputStream out) throws IOException {
    Archive archive = new Archive(out);
    archive.put(Format.README, Format.readme());
    archive.put(
        Format.MANIFEST,
        new Manifest(
                Format.VERSION,
                found.negotiation(),
                found.length(),
                found.firstRecorded(),
                found.lastRecorded(),
                found.headHash())
            .file());
    boolean[] open = {true};
    spool.drain(
        (file, content) -> {
          if (open[0] && file.name().startsWith(Format.RESTRICTED)) {
            archive.seal();
            archive.open(Format.RESTRICTED);
            open[0] = false;
          }
          archive.put(file, content);
        });
    archive.seal();
    archive.finish();
  }

  /** Makes what is under way fail, and all that comes; from any thread. */
  public void stop() {
    stopped = true;
    Scan scan = reading;
    if (scan != null) {
      scan.wakeup();
    }
  }

  /** Whether it was stopped: how it fails then says nothing. */
  public boolean isStopped() {
    return stopped;
  }

  private Scan open(String topic) {
    return read(new Scan(brokers, topic, partitions, negotiation));
  }

  /** What is read from here on, and stopped with this. */
  private Scan read(Scan scan) {
    reading = scan;
    if (stopped) {
      scan.close();
      throw new WakeupException();
    }
    return scan;
  }

  private List<Scan> openRestricted() {
    List<Scan> scans = new ArrayList<>();
    try {
      for (String service : Topics.RESTRICTING) {
        scans.add(open(Topics.restricted(service)));
      }
      return scans;
    } catch (RuntimeException e) {
      scans.forEach(Scan::close);
      throw e;
    }
  }

  /** The next entry, which is whole and follows on the head; null where there is none. */
  private static @Nullable Laid next(ChainScan<Laid> timeline, Head head) {
    ChainScan.Link<Laid> link = timeline.next();
    if (link == null) {
      return null;
    }
    TimelineEntry entry = link.entry();
    Chain.Checked itself = link.itself();
    if (entry == null || itself == null) {
      throw broken(head, "what cannot be read");
    }
    Chain.Fault fault = Chain.follows(head, entry).orElse(itself.fault());
    if (fault != null) {
      throw broken(
          head, fault.what() + " expected " + fault.expected() + ", found " + fault.found());
    }
    return link.made();
  }

  private static BrokenRecord broken(Head head, String what) {
    return new BrokenRecord("entry " + (head.sequence() + 1) + ": " + what);
  }

  private void note(Collection<Schema> schemas) {
    schemas.forEach(schema -> writers.put(Format.schema(schema), schema));
  }

  private void writeSchemas(String folder, Spool spool) throws IOException {
    for (Map.Entry<String, Schema> each : writers.entrySet()) {
      byte[] text = (each.getValue() + "\n").getBytes(StandardCharsets.UTF_8);
      spool.put(folder + each.getKey(), text);
    }
    writers.clear();
  }

  private void writeRestricted(List<Scan> scans, long until, Spool spool) throws IOException {
    RestrictedRecord files = new RestrictedRecord(spool);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < scans.size(); i++) {
      String service = Topics.RESTRICTING.get(i);
      counts.put(service, files.put(service, read(scans.get(i)), until));
    }
    note(files.writers());
    writeSchemas(Format.RESTRICTED, spool);
    spool.put(
        Format.RESTRICTED + Format.MANIFEST,
        Manifest.restricted(Format.VERSION, negotiation, counts));
  }
}
