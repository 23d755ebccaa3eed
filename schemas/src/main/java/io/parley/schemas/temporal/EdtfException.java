package io.parley.schemas.temporal;

/**
 * The text is not an EDTF value that Parley reads; the message says what is wrong and at which
 * character.
 */
public final class EdtfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  EdtfException(String text, int position, String problem) {
    super("\"%s\", character %d: %s".formatted(text, position + 1, problem));
    this.position = position;
  }

  /** Where the text stops making sense: index of a character, the first is 0. */
  public int position() {
    return position;
  }
}
