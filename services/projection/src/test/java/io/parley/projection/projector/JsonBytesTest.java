package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;

/** What one generator writes of many values is what each would be alone. */
class JsonBytesTest {
  private final JsonBytes bytes = new JsonBytes();

  @Test
  void eachValueIsAsItIsAlone() {
    for (Object value :
        List.of(
            Map.of("a", "b"),
            List.of(1, 2),
            "x".repeat(100_000),
            Map.of("é", List.of("\ud83d\ude00".repeat(9_000))),
            7,
            Map.of())) {
      assertThat(bytes.of(out -> Bodies.JSON.writer().writeValue(out, value)))
          .isEqualTo(Bodies.JSON.writeValueAsBytes(value));
    }
  }

  @Test
  void oneThatFailsInTheMiddleLeavesNothingBehind() {
    Consumer<JsonGenerator> whole = out -> out.writeStartArray().writeEndArray();
    assertThat(bytes.of(whole)).asString(StandardCharsets.UTF_8).isEqualTo("[]");
    assertThatThrownBy(
            () ->
                bytes.of(
                    out -> {
                      out.writeStartObject().writeStringProperty("half", "a".repeat(20_000));
                      throw new IllegalStateException("half");
                    }))
        .hasMessage("half");
    assertThat(bytes.of(whole)).asString(StandardCharsets.UTF_8).isEqualTo("[]");
  }
}
