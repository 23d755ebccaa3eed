package io.parley.image;

import com.nimbusds.jose.JOSEException;
import io.parley.journal.reading.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;

/** Tokens of a Compose stack, where no other issuer is. */
final class Identity {
  private static final Duration VALID_FOR = Duration.ofHours(12);

  private Identity() {}

  /** Prints a token with these roles. */
  static void token(List<String> roles) {
    if (roles.isEmpty()) {
      System.err.println("which roles?");
      System.exit(2);
    }
    Path file = Path.of("/run/secrets/identity/private.jwk.json");
    String subject = System.getenv().getOrDefault("PARLEY_SUBJECT", "compose");
    try {
      System.out.println(SigningKey.of(Files.readString(file)).token(roles, subject, VALID_FOR));
    } catch (IOException | ParseException | JOSEException e) {
      throw new IllegalStateException("the key " + file + " cannot be used", e);
    }
  }
}
