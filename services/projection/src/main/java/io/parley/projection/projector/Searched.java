package io.parley.projection.projector;

import java.util.List;
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

  private Searched() {}

  /**
   * How it is made now where that is otherwise.
   *
   * @param table table in which it is
   * @param made empty where anybody may write it, or it is not there
   */
  public record Altered(String table, String made) {}

  /**
   * The first of these tables, by name, in which it is made otherwise; empty where there is none.
   */
  public static Mono<Altered> altered(Database database, List<String> tables) {
    return database
        .query(
            """
            select c.relname, coalesce(pg_get_expr(d.adbin, d.adrelid), '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
              join pg_attribute w on w.attrelid = c.oid and w.attname = 'words'
              left join pg_attribute a on a.attrelid = c.oid and a.attname = 'search'
                and a.attgenerated = 's'
              left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where n.nspname = $1 and c.relname = any($2)
              and pg_get_expr(d.adbin, d.adrelid) is distinct from $3
            order by 1 limit 1""",
            row -> new Altered(text(row.get(0, String.class)), text(row.get(1, String.class))),
            List.of(database.schema(), tables.toArray(new String[0]), MADE))
        .next();
  }

  private static String text(@Nullable String value) {
    return String.valueOf(value);
  }
}
