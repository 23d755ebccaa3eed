package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a newcomer runs. */
class DemoTest {
  private static final String RECORD = "Record: 53 events, head ";
  private static final String EXPORTED = "Exported and verified: 53 events, head ";

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void endsWithAnExportThatIsVerifiedByTheHeadThatItPrints(@TempDir Path directory)
      throws Exception {
    Path data = directory.resolve("data");
    Process demo = DeskProcess.launch("demo", data);
    try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
      List<String> said = new ArrayList<>();
      String line = lines.readLine();
      while (line != null && !line.endsWith(".zip")) {
        said.add(line);
        line = lines.readLine();
      }
      assertThat(said).contains("53 commands: 53 accepted, 0 unchanged, 0 refused");
      String head = after(EXPORTED, said);
      assertThat(head).isEqualTo(after(RECORD, said)).hasSize(64);
      String file = data.resolve("istanbul-2025.zip").toString();
      assertThat(line).isEqualTo("  " + file);

      // Without the desk: what was taken away stands for itself.
      demo.destroyForcibly().onExit().join();
      assertThat(CommandLine.call("verify", file, "--head", head).status()).isZero();
      String another = "0".repeat(head.length());
      assertThat(CommandLine.call("verify", file, "--head", another).status()).isEqualTo(1);
    } finally {
      demo.destroyForcibly().onExit().join();
    }
  }

  private static String after(String beginning, List<String> said) {
    return said.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(beginning + " in " + said));
  }
}
