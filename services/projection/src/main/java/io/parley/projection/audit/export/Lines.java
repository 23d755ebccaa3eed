package io.parley.projection.audit.export;

import java.nio.charset.StandardCharsets;

/** Compares text files, to say where the first difference is. */
final class Lines {
  private static final int BEFORE = 20;

  private Lines() {}

  /**
   * Compares a file with what it should be.
   *
   * @param first entry of the first line, each of the others that of the next; 0 where lines are no
   *     entries
   */
  static void compare(String file, long first, String expected, byte[] found) throws Difference {
    String text = new String(found, StandardCharsets.UTF_8);
    if (text.equals(expected)) {
      return;
    }
    int at = difference(expected, text);
    long line = expected.substring(0, at).chars().filter(each -> each == '\n').count();
    throw new Difference(
        file,
        first == Difference.WHOLE ? Difference.WHOLE : first + line,
        "line " + (line + 1),
        around(expected, at),
        around(text, at));
  }

  /** Compares checksums with what they should be, to name the file whose checksum it is. */
  static void compareSums(String folder, String file, String expected, byte[] found)
      throws Difference {
    String text = new String(found, StandardCharsets.UTF_8);
    if (text.equals(expected)) {
      return;
    }
    int at = difference(expected, text);
    String computed = line(expected, at);
    String said = line(text, at);
    int name = computed.indexOf("  ");
    if (name > 0 && said.endsWith(computed.substring(name)) && said.indexOf("  ") == name) {
      throw new Difference(
          folder + computed.substring(name + 2),
          Difference.WHOLE,
          "SHA-256",
          said.substring(0, name) + " (" + file + ")",
          computed.substring(0, name));
    }
    throw new Difference(
        file,
        Difference.WHOLE,
        "line",
        computed.isEmpty() ? "no more" : computed,
        said.isEmpty() ? "no more" : said);
  }

  private static int difference(String one, String other) {
    int at = 0;
    while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String line(String text, int at) {
    int from = text.lastIndexOf('\n', at - 1) + 1;
    int to = text.indexOf('\n', at);
    return text.substring(Math.min(from, text.length()), to < 0 ? text.length() : to);
  }

  /** A few characters before the place, and the rest of its line. */
  private static String around(String text, int at) {
    String line = line(text, at);
    int from = Math.max(0, at - (text.lastIndexOf('\n', at - 1) + 1) - BEFORE);
    String shown = from >= line.length() ? "" : line.substring(from);
    return shown.isEmpty() ? "the end" : (from > 0 ? "…" : "") + shown;
  }
}
