package io.parley.projection.audit.export;

import io.parley.schemas.TimelineEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Exports taken apart and packed again, as somebody would who rewrites one. */
final class Repacked {
  private Repacked() {}

  /** The files of a ZIP, in its order, read by Java's own reader. */
  static Map<String, byte[]> files(byte[] zip) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Packed as an export is, with the checksums as they are. */
  static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Archive archive = new Archive(out);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        archive.put(file.getKey(), file.getValue());
      }
      archive.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Packed as an export is, with checksums made anew. */
  static byte[] sealed(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Archive archive = new Archive(out);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        if (file.getKey().endsWith(Format.SUMS)) {
          archive.seal();
          archive.open(Format.RESTRICTED);
        } else {
          archive.put(file.getKey(), file.getValue());
        }
      }
      archive.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The entries of a segment. */
  static List<TimelineEntry> entries(String name, byte[] file) {
    List<TimelineEntry> entries = new ArrayList<>();
    try {
      Container container = new Container(name, file, Shape.TIMELINE);
      for (Cursor at = container.next(); at != null; at = container.next()) {
        entries.add(Shape.entry(at).event(container.event(at)));
      }
    } catch (Malformed | Container.UnknownSchema e) {
      throw new IllegalStateException(e);
    }
    return entries;
  }

  /** A segment of these. */
  static byte[] segment(String name, List<TimelineEntry> entries) {
    Segment segment = new Segment(Shape.TIMELINE);
    entries.forEach(entry -> segment.add(new Segment.Item(Shape.head(entry), entry.event())));
    Bytes file = new Bytes(1 << 16);
    segment.write(name, file);
    return file.toByteArray();
  }

  /** The chain of these. */
  static byte[] chain(List<TimelineEntry> entries) {
    StringBuilder lines = new StringBuilder();
    entries.forEach(entry -> lines.append(ChainLine.of(entry)));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
