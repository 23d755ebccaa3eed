package io.parley.projection.restricted;

import io.parley.schemas.wire.RestrictedChain;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The chains of the restricted items of one topic, while it is read from its beginning. */
public final class Chains {
  private static final String NOTHING = "nothing";

  private final Map<String, String> heads = new HashMap<>();

  /**
   * The hash that the next event of an item must have.
   *
   * @param framed the event's bytes as they were published
   */
  public String next(String aggregate, byte[] framed) {
    String hash =
        RestrictedChain.next(heads.getOrDefault(aggregate, RestrictedChain.START), framed);
    heads.put(aggregate, hash);
    return hash;
  }

  /** The hash that stands beside an event; a word where none does. */
  public static String said(Headers headers) {
    Header said = headers.lastHeader(RestrictedChain.HEADER);
    return said == null ? NOTHING : new String(said.value(), StandardCharsets.UTF_8);
  }
}
