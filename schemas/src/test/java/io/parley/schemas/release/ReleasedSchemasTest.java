package io.parley.schemas.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.wire.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.idl.IdlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate on the schemas of this build. */
class ReleasedSchemasTest {
  private static final Path MODULE = Path.of("");

  @Test
  void whatWasReleasedStaysReadable() throws IOException {
    assertThat(ReleaseGate.of(MODULE, CutRelease.catalog()).problems()).isEmpty();
  }

  @Test
  void recordsOfEveryReleasedVersionCanBeReadOffATopic() throws IOException {
    ReleaseGate gate = ReleaseGate.of(MODULE, CutRelease.catalog());
    for (int version : Checksums.versions(MODULE)) {
      for (Schema schema : gate.released(version).values()) {
        assertThat(SchemaCatalog.builtIn().byId(SchemaCatalog.id(schema)))
            .as("the catalog knows %s of v%d", schema.getFullName(), version)
            .isPresent();
      }
    }
  }

  @Test
  void everythingIsDocumentedAndEveryEnumHasADefault() throws IOException {
    Map<String, Schema> types = new TreeMap<>();
    try (Stream<Path> files = Files.list(MODULE.resolve("src/main/avro"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".avdl")).sorted().toList()) {
        types.putAll(new IdlReader().parse(file).getNamedSchemas());
      }
    }
    assertThat(types)
        .hasSizeGreaterThan(100)
        .containsKeys(
            CutRelease.catalog().stream().map(Schema::getFullName).toArray(String[]::new));
    assertThat(Docs.missing(types.values())).isEmpty();
  }

  /** A rehearsal, so that the first real release is not the first time that anybody tries. */
  @Test
  void theseSchemasCouldBeReleasedToday(@TempDir Path base) throws IOException {
    Files.createDirectories(base.resolve("released"));
    Files.writeString(base.resolve("released/LATEST"), "none\n");
    assertThat(CutRelease.cut(base, CutRelease.catalog())).isEqualTo(1);
    assertThat(ReleaseGate.of(base, CutRelease.catalog()).problems()).isEmpty();
  }
}
