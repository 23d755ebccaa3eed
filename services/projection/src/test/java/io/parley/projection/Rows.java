package io.parley.projection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What stands in the tables, asked past the service. */
final class Rows {
  static final List<String> TABLES =
      List.of(
          "timeline",
          "negotiations",
          "delegations",
          "rounds",
          "meetings",
          "legs",
          "stays",
          "announcements",
          "claims",
          "proposals",
          "drafts",
          "people",
          "names",
          "places",
          "attendance",
          "conditions");

  private Rows() {}

  /** All rows of a negotiation in a schema, as text. */
  static List<String> all(String schema, String negotiation) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table : TABLES) {
      rows.addAll(
          query(
              "select '%s ' || t::text from %s.%s t where negotiation = '%s' order by 1"
                  .formatted(table, schema, table, negotiation)));
    }
    return rows;
  }

  /** The columns of a table that can be written, as a list of SQL. */
  static String columns(String schema, String table) throws SQLException {
    return query(
            ("select string_agg(column_name::text, ', ' order by ordinal_position)"
                    + " from information_schema.columns where is_generated = 'NEVER'"
                    + " and table_schema = '%s' and table_name = '%s'")
                .formatted(schema, table))
        .getFirst();
  }

  static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  static void change(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        Ground.database().jdbcUrl(), Ground.database().username(), Ground.database().password());
  }
}
