package io.parley.projection.audit.export;

import io.parley.journal.reading.Topics;
import io.parley.projection.restricted.Chains;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.Head;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an export with nothing but its file: every byte of the ZIP, every file's checksum, every
 * entry with its event's bytes as they stand, the chain. In constant memory: a segment at a time.
 */
public final class OfflineVerification {
  private final Unpacked zip;
  private final @Nullable String noted;
  private final Map<String, Schema> writers = new TreeMap<>();
  private final byte[] readme;
  private final byte[] said;
  private final Manifest manifest;
  private Head head = Head.START;
  private @Nullable TimelineEntry first;
  private Optional<Noted> notedAt = Optional.empty();
  private final Map<String, RestrictedHead> restrictedHeads = new LinkedHashMap<>();
  private long erased;

  /**
   * An export that is whole.
   *
   * @param length number of entries
   * @param headHash hash of the last one, in hexadecimal
   * @param erased how many of them were erased: of what they said nothing can be checked
   * @param notedAt where the hash was found that was noted earlier, where one was given
   * @param restricted where the restricted events of each service end, with no hash where they are
   *     in no chain; empty where that part is not there
   */
  public record Verified(
      String negotiation,
      long length,
      String headHash,
      long erased,
      Optional<Noted> notedAt,
      Map<String, RestrictedHead> restricted) {}

  /**
   * Where a hash is that was noted.
   *
   * @param service whose restricted events it is the head of; empty where it is an entry's
   * @param number sequence number of the entry, or how many restricted events there are up to there
   */
  public record Noted(String service, long number) {}

  private OfflineVerification(Unpacked zip, @Nullable String noted)
      throws IOException, NoExportException, DiffersException {
    this.zip = zip;
    this.noted = noted;
    this.readme = beginning(zip);
    this.said = zip.take(Format.MANIFEST);
    this.manifest = Manifest.read(said);
  }

  /**
   * Verifies a file.
   *
   * @param noted a hash that somebody wrote down earlier, in lower-case hexadecimal, which must be
   *     that of an entry; null where there is none
   * @param progress told now and then how many bytes are done
   * @throws IOException where the file cannot be read
   * @throws NoExportException where it is no export of this format, or has events of a later
   *     version
   * @throws DiffersException the first thing that is not as it was handed out
   */
  public static Verified verify(Path file, @Nullable String noted, LongConsumer progress)
      throws IOException, NoExportException, DiffersException {
    try (Unpacked zip = Unpacked.open(file, progress)) {
      return new OfflineVerification(zip, noted).run();
    }
  }

  /** The first file, whose words are checked last: a file that is altered says so itself before. */
  private static byte[] beginning(Unpacked zip)
      throws IOException, NoExportException, DiffersException {
    String name;
    try {
      name = zip.peek();
    } catch (DiffersException e) {
      throw new NoExportException("it is no ZIP as Parley packs it: " + e.getMessage());
    }
    if (!Format.README.equals(name)) {
      throw new NoExportException("it is no ZIP that begins with " + Format.README);
    }
    return zip.take(Format.README);
  }

  private Verified run() throws IOException, NoExportException, DiffersException {
    do {
      segment(head.sequence() + 1);
    } while (begins("events/"));
    compareManifest();
    schemas("");
    sums("");
    if (zip.peek() != null) {
      restricted();
    }
    zip.finish();
    if (noted != null && notedAt.isEmpty()) {
      throw new DiffersException(
          Unpacked.ITSELF,
          DiffersException.WHOLE,
          "noted head",
          noted,
          "another hash in each of " + head.sequence() + " entries");
    }
    if (!Format.isReadme(readme)) {
      throw new NoExportException(
          "its "
              + Format.README
              + " is of no version that this one knows: run none of its commands");
    }
    return new Verified(
        manifest.negotiation(),
        head.sequence(),
        Format.hex(head.hash()),
        erased,
        notedAt,
        restrictedHeads);
  }

  private boolean begins(String folder) throws IOException, DiffersException {
    String next = zip.peek();
    return next != null && next.startsWith(folder);
  }

  private void segment(long from) throws IOException, NoExportException, DiffersException {
    String name = Format.events(from);
    byte[] file = zip.take(name);
    StringBuilder chain = new StringBuilder();
    try {
      Container container = new Container(name, file, Shape.TIMELINE);
      for (Cursor at = container.next(); at != null; at = container.next()) {
        TimelineEntry entry = Shape.entry(at);
        entry.event(container.event(at));
        if (head.sequence() + 1 == from) {
          container.checkSync(Shape.head(entry));
        }
        entry(name, entry);
        if (entry.sequence() - from >= Format.MOST_EVENTS) {
          throw new Malformed("events of a segment", "at most " + Format.MOST_EVENTS, "more");
        }
        chain.append(ChainLine.of(entry));
      }
      container.writers().forEach(writer -> writers.put(Format.schema(writer), writer));
    } catch (Malformed e) {
      throw e.in(name, head.sequence() + 1);
    } catch (Container.UnknownSchema e) {
      throw later(e, "");
    }
    if (head.sequence() < from) {
      throw new DiffersException(name, DiffersException.WHOLE, "events", "1 or more", 0);
    }
    String chained = Format.chain(from);
    Lines.compare(chained, from, chain.toString(), zip.take(chained));
  }

  private void entry(String file, TimelineEntry entry) throws DiffersException {
    long sequence = head.sequence() + 1;
    same(file, sequence, "negotiation", manifest.negotiation(), entry.negotiation());
    Chain.Fault fault = Chain.check(head, entry).orElse(null);
    if (fault != null) {
      throw new DiffersException(file, sequence, fault.what(), fault.expected(), fault.found());
    }
    if (first == null) {
      first = entry;
    }
    head = Head.after(entry);
    erased += Chain.isErased(entry) ? 1 : 0;
    if (noted != null && noted.equals(Format.hex(entry.hash()))) {
      notedAt = Optional.of(new Noted("", entry.sequence()));
    }
  }

  private static byte[] bytes(ByteBuffer framed) {
    byte[] bytes = new byte[framed.remaining()];
    framed.duplicate().get(bytes);
    return bytes;
  }

  private static @Nullable Event event(byte[] framed) {
    try {
      return framed.length > 0 && Wire.decode(framed) instanceof Event event ? event : null;
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  private void compareManifest() throws DiffersException {
    TimelineEntry begin = first;
    if (begin == null) {
      throw new IllegalStateException("a segment has an entry");
    }
    Manifest found =
        new Manifest(
            manifest.format(),
            manifest.negotiation(),
            head.sequence(),
            begin.recordedAt(),
            head.recordedAt(),
            Format.hex(head.hash()));
    whole("length", found.length(), manifest.length());
    whole("firstRecorded", found.firstRecorded(), manifest.firstRecorded());
    whole("lastRecorded", found.lastRecorded(), manifest.lastRecorded());
    whole("headHash", found.headHash(), manifest.headHash());
    Lines.compare(Format.MANIFEST, DiffersException.WHOLE, text(found.file()), said);
  }

  private void whole(String what, Object expected, Object found) throws DiffersException {
    same(Format.MANIFEST, DiffersException.WHOLE, what, expected, found);
  }

  private void schemas(String folder) throws IOException, DiffersException {
    for (Map.Entry<String, Schema> each : writers.entrySet()) {
      String name = folder + each.getKey();
      byte[] file = zip.take(name);
      try {
        Schema found = Container.parsed(text(file));
        same(name, DiffersException.WHOLE, "schema", each.getKey(), Format.schema(found));
      } catch (Malformed e) {
        throw e.in(name, DiffersException.WHOLE);
      }
    }
    writers.clear();
  }

  /** That it is of a later version; but not where an altered byte may have made it look so. */
  private NoExportException later(Container.UnknownSchema unknown, String folder)
      throws IOException, DiffersException {
    String sums = folder + Format.SUMS;
    for (String next = zip.peek(); next != null && !next.equals(sums); next = zip.peek()) {
      zip.take(next);
    }
    sums(folder);
    return new NoExportException(
        "it has events of %s, which this version of Parley does not know"
            .formatted(unknown.schema()));
  }

  private void sums(String folder) throws IOException, DiffersException {
    String name = folder + Format.SUMS;
    byte[] found = zip.take(name);
    Lines.compareSums(folder, name, zip.sums(), found);
    zip.seal(name);
  }

  private void restricted() throws IOException, NoExportException, DiffersException {
    boolean chained = manifest.format() >= Format.CHAINED;
    Shape shape = chained ? Shape.RESTRICTED : Shape.UNCHAINED;
    zip.open(Format.RESTRICTED);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String service : Topics.RESTRICTING) {
      Chains chains = new Chains();
      long count = 0;
      long offset = -1;
      while (begins(Format.RESTRICTED + service + "/")) {
        String name = Format.restricted(service, count + 1);
        byte[] file = zip.take(name);
        try {
          Container container = new Container(name, file, shape);
          boolean fresh = true;
          for (Cursor at = container.next(); at != null; at = container.next()) {
            Shape.Place place = Shape.Place.read(at, chained);
            byte[] framed = bytes(container.event(at));
            if (fresh) {
              container.checkSync(place.encode());
              fresh = false;
            }
            count++;
            Event event = restricted(name, count, service, place, offset, framed);
            Chains.Link link = chains.next(event, place.recordedMillis(), framed, place.hash());
            if (chained) {
              same(name, count, "hash", link.hash(), place.hash());
            }
            if (chained && chains.head().hash().equals(noted)) {
              notedAt = Optional.of(new Noted(service, count));
            }
            offset = place.offset();
          }
          container.writers().forEach(writer -> writers.put(Format.schema(writer), writer));
        } catch (Malformed e) {
          throw e.in(name, count + 1);
        } catch (Container.UnknownSchema e) {
          throw later(e, Format.RESTRICTED);
        }
      }
      counts.put(service, count);
      restrictedHeads.put(service, chained ? chains.head() : new RestrictedHead(count, ""));
    }
    schemas(Format.RESTRICTED);
    String name = Format.RESTRICTED + Format.MANIFEST;
    Lines.compare(
        name,
        DiffersException.WHOLE,
        text(Manifest.restricted(manifest.format(), manifest.negotiation(), counts)),
        zip.take(name));
    sums(Format.RESTRICTED);
  }

  private Event restricted(
      String file, long number, String service, Shape.Place place, long before, byte[] framed)
      throws DiffersException {
    same(file, number, "topic", Topics.restricted(service), place.topic());
    if (place.offset() <= before) {
      throw new DiffersException(file, number, "offset", "more than " + before, place.offset());
    }
    Event event = event(framed);
    if (event == null) {
      throw new DiffersException(file, number, "event", "an event", "something else");
    }
    same(file, number, "negotiation", manifest.negotiation(), event.header().negotiation());
    same(file, number, "service", service, event.service());
    return event;
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.UTF_8);
  }

  private static void same(String file, long entry, String what, Object expected, Object found)
      throws DiffersException {
    if (!expected.equals(found)) {
      throw new DiffersException(file, entry, what, expected, found);
    }
  }
}
