package io.parley.desk;

import static io.parley.desk.CommandLine.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.desk.CommandLine.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command line takes a record away, and verifies it without the desk. */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class ExportAndVerifyTest {
  private static final String N = SharedDesk.N;

  private final SharedDesk shared;

  @TempDir private Path directory;

  ExportAndVerifyTest(SharedDesk shared) {
    this.shared = shared;
  }

  @Test
  void aRecordIsTakenAwayAndVerified() throws Exception {
    Path file = directory.resolve("talks.zip");
    JsonNode summary = shared.process().audit("/api/audit/negotiations/" + N).json();
    String head = summary.get("headHash").asString();
    long length = summary.get("length").asLong();

    Said exported = export(N, file);
    assertThat(exported.status()).as(exported.errors()).isZero();
    assertThat(exported.out())
        .isEqualTo("%d events of %s in %s, head %s%n".formatted(length, N, file, head));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    assertThat(call("verify", file.toString()))
        .isEqualTo(new Said(0, "VERIFIED %d events, head %s%n".formatted(length, head), ""));
    String noted = shared.timeline().get(9).get("hash").asString();
    assertThat(call("verify", file.toString(), "--head", noted).out())
        .startsWith("the noted head is entry 10 of " + length + "\nVERIFIED ");
  }

  /** In a network of its own, of which even the loopback is down. */
  @Test
  void whatWasTakenAwayIsVerifiedWithNoNetworkAtAll() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/unshare")) && alone("true").waitFor() == 0,
        "whoever runs this cannot make a network of their own");
    Path file = directory.resolve("talks.zip");
    assertThat(export(N, file).status()).isZero();
    Process verify =
        alone(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.parley.schemas",
            "-cp",
            System.getProperty("java.class.path"),
            Parley.class.getName(),
            "verify",
            file.toString());
    assertThat(new String(verify.getInputStream().readAllBytes(), UTF_8))
        .startsWith("VERIFIED ")
        .contains(
            shared
                .process()
                .audit("/api/audit/negotiations/" + N)
                .json()
                .get("headHash")
                .asString());
    assertThat(verify.waitFor()).isZero();
  }

  private static Process alone(String... command) throws IOException {
    return new ProcessBuilder(
            Stream.concat(Stream.of("unshare", "--map-root-user", "--net"), Arrays.stream(command))
                .toList())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void whatWasAlteredOrCutOffDiffers() throws Exception {
    Path file = directory.resolve("talks.zip");
    assertThat(export(N, file, "--as-of", "30", "--parts", "open").status()).isZero();
    assertThat(call("verify", file.toString()).out()).startsWith("VERIFIED 30 events");
    // The hash of a later entry: as if the end had been cut off.
    String later = shared.timeline().get(40).get("hash").asString();
    Said cut = call("verify", file.toString(), "--head", later);
    assertThat(cut.status()).isEqualTo(1);
    assertThat(cut.out()).startsWith("DIFFERS the ZIP: noted head: expected " + later);

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 1;
    Files.write(file, bytes);
    Said altered = call("verify", file.toString());
    assertThat(altered.status()).isEqualTo(1);
    assertThat(altered.out()).matches("DIFFERS .+: .+: expected .+, found .+\n");

    Said none = call("verify", Files.writeString(file, "something else").toString());
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.out()).isEmpty();
    assertThat(none.errors().lines()).hasSize(1);
    assertThat(call("verify", directory.resolve("nowhere.zip").toString()).status()).isEqualTo(2);
    assertThat(call("verify", file.toString(), "--head", "abc").status()).isEqualTo(2);
    assertThat(call("verify").status()).isEqualTo(2);
  }

  @Test
  void whatCannotBeTakenAwayLeavesNothingBehind() throws Exception {
    Path file = directory.resolve("talks.zip");
    Said unknown = export("nobody-knows", file);
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.errors()).contains("NEGOTIATION_NOT_FOUND");
    assertThat(export(N, file, "--parts", "all").errors())
        .contains("INVALID_REQUEST", "\n  parts: ");
    assertThat(export(N, directory.resolve("nowhere/talks.zip")).status()).isEqualTo(2);
    assertThat(call("export", N, file.toString(), "--url", "http://127.0.0.1:1").status())
        .isEqualTo(3);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private Said export(String negotiation, Path file, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("export", negotiation, file.toString()));
    arguments.addAll(List.of(options));
    // The data directory says where it runs, and its key makes an auditor's token.
    arguments.addAll(List.of("--data", shared.process().data().toString()));
    return call(arguments.toArray(new String[0]));
  }
}
