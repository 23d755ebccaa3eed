package io.parley.projection.audit.export;

/** Bytes that are not what they should be; whoever reads them says in which file and entry. */
final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String expected;
  private final String found;

  Malformed(String what, Object expected, Object found) {
    super(what + ": expected " + expected + ", found " + found, null, false, false);
    this.what = what;
    this.expected = String.valueOf(expected);
    this.found = String.valueOf(found);
  }

  Difference in(String file, long entry) {
    return new Difference(file, entry, what, expected, found);
  }
}
