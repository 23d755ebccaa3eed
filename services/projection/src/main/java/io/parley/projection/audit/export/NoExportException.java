package io.parley.projection.audit.export;

/** A file that is no export of this format, whatever else it is. */
public final class NoExportException extends Exception {
  private static final long serialVersionUID = 1L;

  NoExportException(String why) {
    super(why, null, false, false);
  }
}
