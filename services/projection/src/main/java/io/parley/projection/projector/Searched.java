package io.parley.projection.projector;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What full-text search looks in: the column {@code search}, which PostgreSQL makes of the text
 * beside it ({@link Column#words}) and lets nobody write. So that text alone is compared with what
 * it must be, as long as the column is still made of it (ADR 12).
 */
public final class Searched {
  /** How it is made, as PostgreSQL tells it. */
  public static final String MADE = "to_tsvector('simple'::regconfig, words)";

  /** The column of the text. */
  static final String TEXT = "words";

  private static final String OTHERWISE =
      """
      select t.name, coalesce(pg_get_expr(d.adbin, d.adrelid), '')
      from unnest($2::text[]) as t(name)
        left join pg_class c on c.relname = t.name and c.relkind = 'r'
          and c.relnamespace = (select oid from pg_namespace where nspname = $1)
          and not exists (select from pg_inherits i where i.inhparent = c.oid)
        left join pg_attribute a on a.attrelid = c.oid and a.attname = 'search'
          and a.attgenerated = 's'
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where pg_get_expr(d.adbin, d.adrelid) is distinct from $3
      order by 1 limit 1""";

  private Searched() {}

  /** Whether something is searched in a table with these columns. */
  static boolean isIn(List<String> columns) {
    return columns.contains(TEXT);
  }

  /**
   * How it is made now where that is otherwise.
   *
   * @param table table in which it is
   * @param made empty where it is not there, anybody may write it, or rows of other tables are read
   *     with it
   */
  public record Altered(String table, String made) {}

  /**
   * The first of these tables, by name, in which it is made otherwise; empty where there is none.
   */
  public static Mono<Altered> altered(Database database, List<String> tables) {
    AtomicReference<@Nullable Altered> first = new AtomicReference<>();
    return database
        .transaction(
            connection ->
                // An expression is told with the schemas of what others than PostgreSQL defined.
                database
                    .script(connection, "set local search_path to pg_catalog")
                    .thenMany(
                        database.query(
                            connection,
                            OTHERWISE,
                            row ->
                                new Altered(
                                    text(row.get(0, String.class)), text(row.get(1, String.class))),
                            List.of(database.schema(), tables.toArray(new String[0]), MADE)))
                    .doOnNext(first::set)
                    .then(Mono.just(false)))
        .then(Mono.fromSupplier(first::get));
  }

  private static String text(@Nullable String value) {
    return String.valueOf(value);
  }
}
