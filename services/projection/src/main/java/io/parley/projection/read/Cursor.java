package io.parley.projection.read;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Where a page ended, so that the next one goes on from there as of the same moment.
 *
 * @param asOf the moment of the first page: a sequence number, or what the list says
 * @param after key of the last item
 * @param question what was asked, so that a cursor is not used for another list
 */
record Cursor(long asOf, String after, String question) {
  private static final String VERSION = "1";

  @Override
  public String toString() {
    String text = String.join("\n", List.of(VERSION, String.valueOf(asOf), after, question));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a cursor.
   *
   * @throws IllegalArgumentException where it cannot be read, or is of another question
   */
  static Cursor parse(String text, String question) {
    String[] parts;
    try {
      parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", -1);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a cursor", e);
    }
    if (parts.length != 4
        || !parts[0].equals(VERSION)
        || !parts[1].matches("-?[0-9]{1,18}")
        // PostgreSQL has no text with it.
        || parts[2].indexOf(0) >= 0) {
      throw new IllegalArgumentException("not a cursor");
    }
    if (!parts[3].equals(question)) {
      throw new IllegalArgumentException("a cursor of another list, or of other filters");
    }
    return new Cursor(Long.parseLong(parts[1]), parts[2], parts[3]);
  }
}
