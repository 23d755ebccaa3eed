package io.parley.journal.stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * States and facts as bytes for the store: the version, then JSON. The store is a cache of the
 * fold, so this form is nobody's contract: another one is another {@code foldVersion}.
 */
final class StateCodec {
  private static final int VERSION_BYTES = Long.BYTES;

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
    return ByteBuffer.allocate(VERSION_BYTES + body.length)
        .putLong(state.version())
        .put(body)
        .array();
  }

  Versioned read(@Nullable Class<?> type, byte[] bytes) {
    Object value =
        type == null
            ? null
            : json.readValue(bytes, VERSION_BYTES, bytes.length - VERSION_BYTES, type);
    return new Versioned(ByteBuffer.wrap(bytes).getLong(), value);
  }

  /**
   * A state or a fact, and the version of its aggregate.
   *
   * @param value null where only the version is kept
   */
  record Versioned(long version, @Nullable Object value) {}

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
