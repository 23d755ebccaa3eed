package io.parley.projection;

import com.nimbusds.jose.JOSEException;
import io.parley.journal.reading.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** Tokens that every service of these tests believes. */
final class Bearer {
  private static final SigningKey KEY = SigningKey.fresh();
  private static final Path KEYS;

  static {
    try {
      KEYS = Files.createTempFile("parley-keys", ".json");
      Files.writeString(KEYS, KEY.publicKeys());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Bearer() {}

  /** The file with the public half. */
  static Path keys() {
    return KEYS;
  }

  /** Adds what an audit path needs. */
  static void where(String path, HttpHeaders headers) {
    if (path.startsWith("/api/audit/")) {
      headers.set(HttpHeaders.AUTHORIZATION, of("auditor"));
    }
  }

  /** What to send as Authorization to have these roles. */
  static String of(String... roles) {
    try {
      return "Bearer " + KEY.token(List.of(roles), "tester", Duration.ofHours(1));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing with a key just made", e);
    }
  }
}
