package io.parley.projection.projector;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes values as JSON, one after the other, and gives the bytes of each. One generator for all of
 * them: a new one costs as much as a short item. For one thread.
 */
public final class JsonBytes {
  /** One that took more is not kept, nor is its buffer. */
  private static final int MOST_KEPT = 65_536;

  /** A generator, and where it writes to. */
  private record Open(ByteArrayOutputStream text, JsonGenerator out) {}

  private @Nullable Open kept;

  /** The JSON of one value, in UTF-8, that is written to the generator it gets. */
  public byte[] of(Consumer<JsonGenerator> value) {
    Open open = kept == null ? open() : kept;
    // Whatever is thrown leaves one behind that is in the middle of a value.
    kept = null;
    value.accept(open.out());
    open.out().flush();
    byte[] bytes = open.text().toByteArray();
    if (bytes.length <= MOST_KEPT) {
      open.text().reset();
      kept = open;
    }
    return bytes;
  }

  private static Open open() {
    ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
    return new Open(text, Bodies.JSON.createGenerator(text));
  }
}
