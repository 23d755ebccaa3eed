package io.parley.projection.projector;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a view's table beside those that every table has: what lists are filtered and ordered
 * by.
 *
 * @param name name in the table
 * @param type its type
 * @param value what an item has in it: a String, a Long, a list of Strings, bytes, or JSON's bytes
 */
public record Column<T>(String name, Type type, Function<T, @Nullable Object> value) {
  /** What PostgreSQL surely takes: a tsvector has 1 MiB at most, and more would stop the fold. */
  static final int SEARCHED_CHARACTERS = 200_000;

  /** Types of columns, and how a value is stored. */
  public enum Type {
    TEXT("%s"),
    /** Text that is at hand as bytes, in UTF-8: it is long, and made anew for each row. */
    JSON("%s"),
    BIGINT("%s"),
    /** Bound as text too, with the others. */
    BYTES("decode(%s, 'base64')"),
    /** Bound as the text of an array each: arrays of arrays must be rectangular. */
    TEXTS("%s::text[]");

    private final String stored;

    Type(String stored) {
      this.stored = stored;
    }

    /** The SQL expression for what is stored, of the bound column. */
    String stored(String column) {
      return stored.formatted(column);
    }
  }

  /** A column of text. */
  public static <T> Column<T> text(String name, Function<T, @Nullable String> value) {
    return new Column<>(name, Type.TEXT, value::apply);
  }

  /** A column of bytes. */
  public static <T> Column<T> bytes(String name, Function<T, ByteBuffer> value) {
    return new Column<>(name, Type.BYTES, value::apply);
  }

  /** A column of whole numbers. */
  public static <T> Column<T> number(String name, Function<T, @Nullable Long> value) {
    return new Column<>(name, Type.BIGINT, value::apply);
  }

  /** A column of lists of text. */
  public static <T> Column<T> texts(String name, Function<T, List<String>> value) {
    return new Column<>(name, Type.TEXTS, value::apply);
  }

  /**
   * The column {@code words}, of which PostgreSQL makes what full-text search looks in ({@link
   * Searched}): the words of whatever language, without their accents ({@link Words}), of a text's
   * first {@value #SEARCHED_CHARACTERS} characters.
   */
  public static <T> Column<T> words(Function<T, @Nullable String> value) {
    return text(
        Searched.TEXT,
        item -> {
          String text = value.apply(item);
          if (text == null) {
            return null;
          }
          String folded = Words.folded(text);
          return folded.substring(0, Math.min(folded.length(), SEARCHED_CHARACTERS));
        });
  }
}
