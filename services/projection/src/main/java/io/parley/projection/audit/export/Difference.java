package io.parley.projection.audit.export;

/** The first thing in an export that is not as it was handed out. */
public final class Difference extends Exception {
  private static final long serialVersionUID = 1L;

  /** Instead of an entry, where it is about the file as a whole. */
  static final long WHOLE = 0;

  private static final int MOST_SHOWN = 100;

  private final String file;
  private final long entry;
  private final String what;

  /**
   * A difference.
   *
   * @param file name in the ZIP, or what stands for the ZIP itself
   * @param entry sequence number, 1 or more; 0 where it is about the file as a whole
   * @param what the field, or what else differs
   * @param expected what everything else in the export asks for
   * @param found what stands there
   */
  Difference(String file, long entry, String what, Object expected, Object found) {
    super(
        shown(file)
            + (entry == WHOLE ? "" : ", entry " + entry)
            + ": "
            + what
            + ": expected "
            + shown(expected)
            + ", found "
            + shown(found),
        null,
        false,
        false);
    this.file = file;
    this.entry = entry;
    this.what = what;
  }

  /** Name of the file in the ZIP. */
  public String file() {
    return file;
  }

  /** Sequence number of the entry; 0 where it is about the file as a whole. */
  public long entry() {
    return entry;
  }

  /** The field, or what else differs. */
  public String what() {
    return what;
  }

  /** A line that a terminal can show, whatever somebody put into the file. */
  private static String shown(Object value) {
    String text = String.valueOf(value);
    String cut = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    return cut.replaceAll("\\p{C}", "?");
  }
}
