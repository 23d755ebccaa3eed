package io.parley.projection.read;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

/**
 * What a read may be asked beside {@code asOf}. {@link Question} refuses everything else, and
 * {@link ReadDocs} tells it in the OpenAPI document: what is told is what is checked.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Asks {
  /** What every stream may be asked. */
  List<String> STREAM =
      List.of(
          "service",
          "type",
          "party",
          "person",
          "kind",
          "topic",
          "language",
          "since",
          "lastEventId",
          "named",
          "speed",
          "until");

  /** Names of its own query parameters. */
  String[] value() default {};

  /**
   * Tables of the views that it reads, {@code names} like any other: it is answered as of the
   * lowest position of these (ADR 8). None where it reads the timeline alone.
   */
  String[] views();

  /** Whether it answers with a list, which takes limit and cursor too. */
  boolean list() default false;

  /**
   * Whether it answers with a stream of what is recorded, which is not asked as of a moment, and
   * takes {@link #STREAM} too.
   */
  boolean stream() default false;

  /** Whether it answers with a file, made from the log, for who has the role alone. */
  boolean download() default false;

  /** What the answer looks like, a record; an object of any fields where it is not said. */
  Class<?> shape() default Object.class;

  /** Media type of the answer. */
  String answers() default "application/json";
}
