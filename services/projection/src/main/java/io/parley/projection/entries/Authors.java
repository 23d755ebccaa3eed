package io.parley.projection.entries;

import io.parley.journal.reading.Access;
import io.parley.projection.projector.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Authors as a reader may see them: an auditor as they are, everybody else by a stable pseudonym
 * (rule 30). The key is made once and kept in the database, so that nobody can try names out and
 * all replicas and versions say the same.
 */
@Component
public final class Authors {
  private static final int BYTES = 6;

  private final Mono<Shown> pseudonyms;

  Authors(Database database) {
    this.pseudonyms =
        database
            .query(
                "select key from parley.pseudonym_key", row -> row.get(0, String.class), List.of())
            .next()
            .<Shown>map(key -> author -> pseudonym(key, author))
            // Kept once it was read; an error is not.
            .cacheInvalidateIf(shown -> false);
  }

  /** How authors are shown to somebody. */
  @FunctionalInterface
  public interface Shown {
    /** What an author is called. */
    String name(String author);
  }

  /** How authors are shown to who asks. */
  public Mono<Shown> of(ServerWebExchange exchange) {
    return Access.Rights.of(exchange)
        .flatMap(rights -> rights.mayAudit() ? Mono.<Shown>just(author -> author) : pseudonyms);
  }

  private static String pseudonym(String key, String author) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] digest = mac.doFinal(author.getBytes(StandardCharsets.UTF_8));
      return "author-" + HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
