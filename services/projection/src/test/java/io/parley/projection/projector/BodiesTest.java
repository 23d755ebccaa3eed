package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectWriter;

/** Rows that were written as text stay what a fold makes of the same item as bytes. */
class BodiesTest {
  private record Item(String text) {}

  @Test
  void bytesAreTheTextInUtf8() {
    ObjectWriter writer = Bodies.JSON.writerFor(Item.class);
    // Of two characters in UTF-16, wherever a buffer of the writer's ends.
    for (int before = 0; before < 9_000; before++) {
      Item item = new Item("x".repeat(before) + "\ud83d\ude00\ud834\udd1e\u00e9\u2028\u0001");
      assertThat(new String(writer.writeValueAsBytes(item), StandardCharsets.UTF_8))
          .isEqualTo(writer.writeValueAsString(item));
    }
  }
}
