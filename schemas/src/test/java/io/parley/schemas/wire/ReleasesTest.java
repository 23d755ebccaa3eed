package io.parley.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What was released stays in the catalog beside what is written today. */
class ReleasesTest {
  private static final String FIRST = schema("");
  private static final String SECOND =
      schema(",{\"name\":\"to\",\"type\":\"string\",\"default\":\"\"}");

  @Test
  void everyReleasedVersionIsFound() {
    Map<String, String> files = released();
    assertThat(Releases.in(files::get))
        .containsExactly(new Schema.Parser().parse(FIRST), new Schema.Parser().parse(SECOND));
  }

  @Test
  void beforeTheFirstReleaseThereIsNone() {
    assertThat(Releases.in(Map.of("released/LATEST", "none\n")::get)).isEmpty();
  }

  @Test
  void aReleaseThatIsNotInTheBuildIsNotPassedOver() {
    Map<String, String> files = released();
    files.remove("released/v1/x.Moved.avsc");
    assertThatThrownBy(() -> Releases.in(files::get)).hasMessageContaining("x.Moved.avsc");
  }

  @Test
  void theCatalogHasEachVersionOnceAndOldestFirst() {
    Schema first = new Schema.Parser().parse(FIRST);
    Schema second = new Schema.Parser().parse(SECOND);
    Schema again =
        new Schema.Parser().parse(FIRST.replace("\"fields\"", "\"doc\":\"d\",\"fields\""));
    SchemaCatalog catalog = new SchemaCatalog(Stream.of(first, again, second));
    assertThat(catalog.versions("x.Moved")).isEqualTo(List.of(first, second));
    assertThat(catalog.byId(SchemaCatalog.id(first))).contains(first);
    assertThat(catalog.byId(SchemaCatalog.id(second))).contains(second);
  }

  private static Map<String, String> released() {
    return new HashMap<>(
        Map.of(
            "released/LATEST",
            "v2 abc\n",
            "released/v1/SHA256SUMS",
            "12  golden/v1/x.Moved.bin\n34  released/v1/x.Moved.avsc\n",
            "released/v1/x.Moved.avsc",
            FIRST,
            "released/v2/SHA256SUMS",
            "56  released/v2/x.Moved.avsc\n",
            "released/v2/x.Moved.avsc",
            SECOND));
  }

  private static String schema(String more) {
    return "{\"type\":\"record\",\"name\":\"Moved\",\"namespace\":\"x\",\"fields\":[{\"name\":\"from\",\"type\":\"string\"}"
        + more
        + "]}";
  }
}
