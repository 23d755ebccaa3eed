package io.parley.projection.projector;

import io.r2dbc.spi.R2dbcException;

/** PostgreSQL refuses what is to be written: trying the same again would not help. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String table;

  private Refused(String table, R2dbcException cause) {
    super(cause.getMessage(), cause);
    this.table = table;
  }

  /** The table whose row it is; empty where that is not known. */
  String table() {
    return table;
  }

  /**
   * An error of a table's statement: a refusal where it is of the data (data exceptions, violated
   * constraints, limits exceeded), else the error itself.
   */
  static RuntimeException of(String table, R2dbcException error) {
    String state = error.getSqlState();
    boolean ofTheData =
        state != null
            && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    return ofTheData ? new Refused(table, error) : error;
  }
}
