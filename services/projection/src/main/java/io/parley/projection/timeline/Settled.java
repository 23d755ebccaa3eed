package io.parley.projection.timeline;

import io.parley.schemas.TimelineEntry;
import java.nio.ByteBuffer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is on the timeline, in two stores. {@code heads}: negotiation → {@link Head}. {@code
 * versions}: {@code SERVICE/NEGOTIATION/AGGREGATE} → last version, and {@code SERVICE/NEGOTIATION}
 * → offset of the last event in its source. Both are a fold of the timeline's partition.
 */
final class Settled {
  /** No slug has such a character, so no negotiation is called this. */
  static final String WARM = "!warm";

  static final byte[] IS_WARM = {1};

  private final KeyValueStore<String, byte[]> heads;
  private final KeyValueStore<String, byte[]> versions;

  Settled(KeyValueStore<String, byte[]> heads, KeyValueStore<String, byte[]> versions) {
    this.heads = heads;
    this.versions = versions;
  }

  static String aggregateKey(String service, String negotiation, String aggregate) {
    return service + "/" + negotiation + "/" + aggregate;
  }

  static String sourceKey(String service, String negotiation) {
    return service + "/" + negotiation;
  }

  boolean isWarm() {
    return heads.get(WARM) != null && versions.get(WARM) != null;
  }

  /** Replaces both stores' content with a fold of the whole timeline. */
  void fill(Fold fold) {
    fold.heads().forEach((negotiation, head) -> heads.put(negotiation, head.encode()));
    fold.longs().forEach((key, value) -> versions.put(key, encode(value)));
    heads.put(WARM, IS_WARM);
    versions.put(WARM, IS_WARM);
  }

  Head head(String negotiation) {
    byte[] bytes = heads.get(negotiation);
    return bytes == null ? Head.START : Head.decode(bytes);
  }

  /** The aggregate's last version on the timeline, 0 where it has none. */
  long version(String service, String negotiation, String aggregate) {
    return decode(versions.get(aggregateKey(service, negotiation, aggregate)), 0);
  }

  /** Offset of the negotiation's last settled event in the service's topic, -1 before the first. */
  long sourceOffset(String service, String negotiation) {
    return decode(versions.get(sourceKey(service, negotiation)), -1);
  }

  void add(TimelineEntry entry) {
    heads.put(entry.negotiation(), Head.after(entry).encode());
    versions.put(
        aggregateKey(entry.service(), entry.negotiation(), entry.aggregate()),
        encode(entry.version()));
    versions.put(sourceKey(entry.service(), entry.negotiation()), encode(entry.sourceOffset()));
  }

  private static byte[] encode(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long decode(byte @Nullable [] bytes, long absent) {
    return bytes == null ? absent : ByteBuffer.wrap(bytes).getLong();
  }
}
