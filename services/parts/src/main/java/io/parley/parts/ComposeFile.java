package io.parley.parts;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What is deployed: {@code docker-compose.yml}, the one place that says which images. */
final class ComposeFile {
  private static final String NAME = "docker-compose.yml";

  private ComposeFile() {}

  /** The image of a service, with its tag. */
  static String image(String service) {
    try (Reader file = Files.newBufferedReader(path())) {
      Map<?, ?> all = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
      Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(all.get("services"), "no services");
      Map<?, ?> one = (Map<?, ?>) Objects.requireNonNull(services.get(service), service);
      return Objects.requireNonNull(one.get("image"), service).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + NAME, e);
    }
  }

  /** Tests run in the directory of their module. */
  private static Path path() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
        .map(directory -> directory.resolve(NAME))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + NAME + " above here"));
  }
}
