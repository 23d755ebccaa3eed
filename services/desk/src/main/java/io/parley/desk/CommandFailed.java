package io.parley.desk;

/** A call of the command line ends here: one line for the user, and the status to exit with. */
final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** The system said no. */
  static final int SAID_NO = 1;

  /** The call itself is wrong. */
  static final int BAD_USAGE = 2;

  /** Nothing answers at the address. */
  static final int NOT_REACHABLE = 3;

  private final int status;

  CommandFailed(int status, String line) {
    super(line);
    this.status = status;
  }

  CommandFailed(int status, String line, Throwable cause) {
    super(line, cause);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** What is shown: never empty. */
  String line() {
    String message = getMessage();
    return message == null ? "failed" : message;
  }
}
