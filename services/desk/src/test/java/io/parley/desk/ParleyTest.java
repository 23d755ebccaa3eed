package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParleyTest {
  @Test
  void exitsWithTheStatusOfTheContract(@TempDir Path data) {
    assertThat(Parley.run(List.of("--help"))).isZero();
    assertThat(Parley.run(List.of("token", "--help"))).isZero();
    assertThat(Parley.run(List.of("dance"))).isEqualTo(2);
    assertThat(Parley.run(List.of("up", "--port", "many"))).isEqualTo(2);
    assertThat(Parley.run(List.of("token", "king", "--data", data.toString()))).isEqualTo(2);
    assertThat(Parley.run(List.of("token", "editor", "--data", data.toString()))).isEqualTo(1);
    assertThat(Parley.run(List.of("watch", "--help"))).isZero();
    assertThat(Parley.run(List.of("watch", "colour=red"))).isEqualTo(2);
    assertThat(Parley.run(List.of("replay"))).isEqualTo(2);
    for (List<String> call : List.of(List.of("watch"), List.of("replay", "a"))) {
      List<String> nowhere = new ArrayList<>(call);
      nowhere.addAll(List.of("--url", "http://127.0.0.1:1", "--token", "t"));
      assertThat(Parley.run(nowhere)).isEqualTo(3);
    }
    assertThat(Parley.run(List.of("board", "--url", "http://127.0.0.1:1", "--token", "t")))
        .isEqualTo(3);
  }

  @Test
  void signsTokensWithAKeyThatIsItsOwnersAlone(@TempDir Path data) throws Exception {
    DeskKey.in(data);
    String printed =
        printed(
            "token",
            "editor",
            "party:istanbul-2025/ru",
            "--data",
            data.toString(),
            "--subject=ann");
    SignedJWT token = SignedJWT.parse(printed.strip());
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo("ann");
    assertThat(claims.getStringListClaim("roles"))
        .containsExactly("editor", "party:istanbul-2025/ru");
    assertThat(claims.getIssuer()).isEqualTo("parley-desk");
    assertThat(claims.getAudience()).containsExactly("parley");

    JWKSet believed = JWKSet.load(DeskKey.publicKeys(data).toFile());
    assertThat(believed.containsNonPublicKeys()).isFalse();
    var key = believed.getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(token.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    try (var files = Files.list(data.resolve("keys"))) {
      assertThat(files)
          .hasSize(2)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  private static String printed(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Parley.run(List.of(arguments))).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
