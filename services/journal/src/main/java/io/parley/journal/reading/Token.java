package io.parley.journal.reading;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a version of an aggregate: {@code SERVICE/NEGOTIATION/AGGREGATE@VERSION}. A command's
 * answer carries one, and reads and later commands wait for it.
 *
 * @param aggregate {@code KIND:ID}
 * @param version 1 or more
 */
public record Token(String service, String negotiation, String aggregate, long version) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "([a-z]{1,32})/([a-z0-9][a-z0-9-]{0,62})/([a-z-]{1,32}:[a-z0-9][a-z0-9-]{0,62})@([1-9][0-9]{0,17})");

  /** What the kind of a restricted aggregate begins with (ADR 7). */
  public static final String RESTRICTED = "restricted-";

  /** Most tokens that one request may name. */
  public static final int MAX_TOKENS = 50;

  /**
   * Reads a token.
   *
   * @throws IllegalArgumentException where it has another shape
   */
  public static Token parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      String shown = text.length() > 120 ? text.substring(0, 120) + "…" : text;
      throw new IllegalArgumentException(
          "'" + shown + "' is not a token: SERVICE/NEGOTIATION/AGGREGATE@VERSION");
    }
    return new Token(
        matcher.group(1), matcher.group(2), matcher.group(3), Long.parseLong(matcher.group(4)));
  }

  /**
   * Reads the tokens of a {@code Parley-After} header, of one negotiation.
   *
   * @throws Problem 400 where one is unreadable, names another negotiation, or there are too many
   */
  public static List<Token> parseList(String header, String negotiation) {
    return split(header).stream().map(part -> parse(part, negotiation)).toList();
  }

  /**
   * The parts of a {@code Parley-After} header, each of which should be a token.
   *
   * @throws Problem 400 where there are too many
   */
  public static List<String> split(String header) {
    String[] parts = header.split(",", -1);
    if (parts.length > MAX_TOKENS) {
      throw Problem.badRequest("TOO_MANY_TOKENS", parts.length + " tokens, at most " + MAX_TOKENS);
    }
    return Arrays.stream(parts).map(String::strip).toList();
  }

  private static Token parse(String text, String negotiation) {
    Token token;
    try {
      token = parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("INVALID_TOKEN", String.valueOf(e.getMessage()));
    }
    if (!token.negotiation.equals(negotiation)) {
      throw Problem.badRequest(
          "TOKEN_OF_ANOTHER_NEGOTIATION",
          "token " + token + " is not of negotiation " + negotiation);
    }
    return token;
  }

  /** Whether it names what not everybody may know to exist (rule 32). */
  public boolean isRestricted() {
    return isRestricted(aggregate);
  }

  /** Whether an aggregate, {@code KIND:ID}, is one that not everybody may know to exist. */
  public static boolean isRestricted(String aggregate) {
    return aggregate.startsWith(RESTRICTED);
  }

  @Override
  public String toString() {
    return service + "/" + negotiation + "/" + aggregate + "@" + version;
  }
}
