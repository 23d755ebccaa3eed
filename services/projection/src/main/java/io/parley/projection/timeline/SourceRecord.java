package io.parley.projection.timeline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was read from a service's topic; encoded, it is what the parked store keeps.
 *
 * @param key negotiation
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copying every event would be waste.
record SourceRecord(
    String service, int partition, long offset, String key, Headers headers, byte[] value) {

  String position() {
    return service + ".events-" + partition + "@" + offset;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length + 512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(partition);
      Header[] all = headers.toArray();
      out.writeInt(all.length);
      for (Header header : all) {
        out.writeUTF(header.key());
        write(out, header.value());
      }
      write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static SourceRecord decode(String service, long offset, String key, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int partition = in.readInt();
      Headers headers = new RecordHeaders();
      for (int left = in.readInt(); left > 0; left--) {
        headers.add(in.readUTF(), read(in));
      }
      byte[] value = read(in);
      if (value == null) {
        throw new IllegalStateException("a parked event without a value");
      }
      return new SourceRecord(service, partition, offset, key, headers, value);
    } catch (IOException e) {
      throw new UncheckedIOException("a parked event of " + key + " is damaged", e);
    }
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static byte @Nullable [] read(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }
}
