package io.parley.projection.audit.export;

/** A file that is no export, or none that this version can check: nothing is said of its record. */
public final class NoExportException extends Exception {
  private static final long serialVersionUID = 1L;

  NoExportException(String why) {
    super(why, null, false, false);
  }
}
