package io.parley.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
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

  private static final Pattern KUSTOMIZE_5 = Pattern.compile("Kustomize Version: v([5-9]|\\d\\d)");

  private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

  /**
   * Renders an overlay, with {@code kubectl kustomize}. Without a {@code kubectl} that knows
   * kustomize 5 the test that asks is skipped by name.
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
    Assumptions.assumeTrue(
        knowsKustomize5(),
        "no kubectl that knows kustomize 5 is here: the overlays are not rendered, and not checked");
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

  private static boolean knowsKustomize5() {
    boolean onPath =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    if (!onPath) {
      return false;
    }
    try {
      Process kubectl =
          new ProcessBuilder("kubectl", "version", "--client").redirectErrorStream(true).start();
      String said = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return kubectl.waitFor() == 0 && KUSTOMIZE_5.matcher(said).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
