package io.parley.journal.stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * States and facts as bytes for the store: the version, the length of the chain's hash and the
 * hash, then JSON. The store is a cache of the fold, so this form is nobody's contract: another one
 * is another {@code foldVersion}.
 */
final class StateCodec {
  private final JsonMapper json;

  StateCodec(Iterable<Class<?>> types) {
    Map<Class<?>, Class<?>> named = new HashMap<>();
    types.forEach(
        type -> {
          if (type.isSealed()) {
            named.put(type, Named.class);
          }
        });
    // A state may hold an event whole: what a restricted item will say when it is public.
    named.put(SpecificRecordBase.class, Fields.class);
    this.json = JsonMapper.builder().addMixIns(named).build();
  }

  byte[] write(@Nullable Class<?> type, Versioned state) {
    byte[] body =
        type == null ? new byte[0] : json.writerFor(type).writeValueAsBytes(state.value());
    byte[] hash = HexFormat.of().parseHex(state.hash());
    return ByteBuffer.allocate(Long.BYTES + 1 + hash.length + body.length)
        .putLong(state.version())
        .put((byte) hash.length)
        .put(hash)
        .put(body)
        .array();
  }

  Versioned read(@Nullable Class<?> type, byte[] bytes) {
    ByteBuffer stored = ByteBuffer.wrap(bytes);
    long version = stored.getLong();
    byte[] hash = new byte[stored.get()];
    stored.get(hash);
    Object value =
        type == null ? null : json.readValue(bytes, stored.position(), stored.remaining(), type);
    return new Versioned(version, HexFormat.of().formatHex(hash), value);
  }

  /**
   * A state or a fact, and the version of its aggregate.
   *
   * @param hash of a restricted item that of its last event ({@link
   *     io.parley.schemas.wire.RestrictedChain}); of others nothing
   * @param value null where only the version is kept
   */
  record Versioned(long version, String hash, @Nullable Object value) {}

  /** The states of an aggregate are told apart by the names of their records. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
  private interface Named {}

  /** Of a generated record, the fields alone: it has no getters. */
  @JsonAutoDetect(
      fieldVisibility = JsonAutoDetect.Visibility.ANY,
      getterVisibility = JsonAutoDetect.Visibility.NONE,
      isGetterVisibility = JsonAutoDetect.Visibility.NONE,
      setterVisibility = JsonAutoDetect.Visibility.NONE)
  private interface Fields {}
}
