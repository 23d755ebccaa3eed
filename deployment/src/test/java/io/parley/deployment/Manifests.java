package io.parley.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files in {@code k8s/}, read as strictly as can be. */
final class Manifests {
  /** The repository. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Where the manifests are. */
  static final Path K8S = ROOT.resolve("k8s");

  private static final ObjectReader YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readerFor(JsonNode.class);

  private Manifests() {}

  /**
   * The resources in a text.
   *
   * @throws tools.jackson.core.JacksonException where it is no YAML, or a key stands there twice
   * @throws IllegalArgumentException where a document is no resource
   */
  static List<Resource> parse(String where, String yaml) {
    List<Resource> resources = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readValues(yaml)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (!(document instanceof ObjectNode object)
            || document.path("apiVersion").asString("").isEmpty()
            || document.path("kind").asString("").isEmpty()) {
          throw new IllegalArgumentException(where + " holds something that is no resource");
        }
        resources.add(new Resource(where, object));
      }
    }
    return resources;
  }

  /** Every YAML file. */
  static List<Path> files() {
    try (Stream<Path> files = Files.walk(K8S)) {
      return files.filter(file -> file.toString().matches(".*[.]ya?ml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The resources of a file. */
  static List<Resource> read(Path file) {
    return parse(K8S.relativize(file).toString(), text(file));
  }

  /** What is in a file. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
