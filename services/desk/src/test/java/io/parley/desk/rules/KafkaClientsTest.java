package io.parley.desk.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Kafka client of the services has its address from {@code Brokers}, and so what the brokers
 * ask of it too: one that names the address itself would come without a password.
 */
class KafkaClientsTest {
  private static final Path SERVICES = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ADDRESS =
      Pattern.compile("BOOTSTRAP_SERVERS_CONFIG|\"bootstrap\\.servers\"");

  @Test
  void onlyBrokersNameTheirAddress() throws IOException {
    assertThat(naming("/src/main/java/io/parley/(?!embedded/|desk/).*"))
        .containsExactly("Brokers.java");
  }

  @Test
  void oneThatNamesItIsFound() throws IOException {
    // The embedded broker asks itself whether it is there.
    assertThat(naming("/src/main/java/io/parley/embedded/.*")).contains("EmbeddedBroker.java");
  }

  private static List<String> naming(String where) throws IOException {
    Pattern place = Pattern.compile(".*" + where);
    try (Stream<Path> files = Files.walk(SERVICES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> place.matcher(file.toString()).matches())
          .filter(KafkaClientsTest::namesAddress)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static boolean namesAddress(Path file) {
    try {
      return ADDRESS.matcher(Files.readString(file)).find();
    } catch (IOException e) {
      throw new IllegalStateException("reading " + file, e);
    }
  }
}
