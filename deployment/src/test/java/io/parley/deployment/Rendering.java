package io.parley.deployment;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What an overlay is rendered to: what would be applied to a cluster.
 *
 * @param resources each of them
 */
record Rendering(String overlay, List<Resource> resources) {
  /** The overlays that there are. */
  static final List<String> OVERLAYS = List.of("dev", "production");

  private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

  /**
   * Renders an overlay, with {@code kubectl kustomize}. Without {@code kubectl} the test that asks
   * is skipped by name; in CI it fails, so that nobody takes a green run for a check.
   */
  static Rendering of(String overlay) {
    String yaml = RENDERED.computeIfAbsent(overlay, Rendering::render);
    return new Rendering(overlay, Manifests.parse(overlay, yaml));
  }

  /** The resources of a kind. */
  Stream<Resource> all(String kind) {
    return resources.stream().filter(each -> each.kind().equals(kind));
  }

  /** What runs pods of ours that stay. */
  Stream<Resource> workloads() {
    return resources.stream().filter(Resource::isWorkload);
  }

  /** What runs pods of ours, if only for a while. */
  Stream<Resource> withPods() {
    return resources.stream().filter(Resource::hasPods);
  }

  /** The one that is called so; several where a name is given twice. */
  Stream<Resource> called(String id) {
    return resources.stream().filter(each -> each.id().equals(id));
  }

  /** The settings of every service; their name ends with a hash. */
  Resource settings() {
    return all("ConfigMap")
        .filter(each -> each.json().path("data").has("PARLEY_KAFKA_PARTITIONS"))
        .findFirst()
        .orElseThrow();
  }

  private static String render(String overlay) {
    if (!onPath("kubectl")) {
      String missing = "kubectl is not here: the overlays are not rendered, and not checked";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
    try {
      Path errors = Files.createTempFile("kustomize", ".log");
      Process kubectl =
          new ProcessBuilder(
                  "kubectl",
                  "kustomize",
                  Manifests.K8S.resolve("overlays").resolve(overlay).toString())
              .redirectError(errors.toFile())
              .start();
      String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = kubectl.waitFor();
      String said = Files.readString(errors);
      Files.delete(errors);
      // What it warns of today it refuses tomorrow.
      if (status != 0 || !said.isEmpty()) {
        throw new IllegalStateException(
            "kubectl kustomize (which must know kustomize 5) of " + overlay + ": " + said);
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
