package io.parley.projection.projector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How columns of texts are bound, each as one text that PostgreSQL takes apart (string_to_array):
 * the driver writes an array character by character, which took longer than folding its rows.
 *
 * @param delimiter is in none of the texts; empty where there are none
 * @param nothing stands for null, and is none of the texts
 */
record Packing(String delimiter, String nothing) {
  /** Control characters: they are escaped in JSON, and hardly in any other text. */
  private static final String UNIT = "\u001f";

  private static final String RECORD = "\u001e";

  /** One for these columns. */
  static Packing of(List<List<@Nullable String>> columns) {
    if (columns.stream().allMatch(List::isEmpty)) {
      return new Packing("", RECORD);
    }
    String delimiter = UNIT;
    for (int i = 0; holds(columns, delimiter); i++) {
      // It cannot overlap with itself, whatever the texts end with.
      delimiter = UNIT + i + RECORD;
    }
    String nothing = RECORD;
    for (int i = 0; is(columns, nothing); i++) {
      nothing = RECORD + i;
    }
    return new Packing(delimiter, nothing);
  }

  private static boolean holds(List<List<@Nullable String>> columns, String text) {
    return columns.stream()
        .flatMap(List::stream)
        .anyMatch(value -> value != null && value.contains(text));
  }

  private static boolean is(List<List<@Nullable String>> columns, String text) {
    return columns.stream().flatMap(List::stream).anyMatch(text::equals);
  }

  /**
   * The SQL expression that takes apart what is bound to a number; these two bind to the others.
   */
  static String unpacked(int bound, int delimiter, int nothing) {
    // An empty text is one empty value, and would be taken for none.
    return "case when $%1$d::text = '' and $%2$d::text <> '' then array[''] else string_to_array($%1$d::text, $%2$d::text, $%3$d::text) end"
        .formatted(bound, delimiter, nothing);
  }

  /** The texts as one. */
  String packed(List<@Nullable String> texts) {
    int length = 0;
    for (String text : texts) {
      length += delimiter.length() + (text == null ? nothing : text).length();
    }
    StringBuilder packed = new StringBuilder(length);
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      packed.append(i == 0 ? "" : delimiter).append(text == null ? nothing : text);
    }
    return packed.toString();
  }
}
