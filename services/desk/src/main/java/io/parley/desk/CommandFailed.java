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
  private final boolean helped;

  CommandFailed(int status, String line) {
    super(line);
    this.status = status;
    this.helped = status == BAD_USAGE;
  }

  private CommandFailed(String line) {
    super(line);
    this.status = BAD_USAGE;
    this.helped = false;
  }

  /** What was given is not of the kind that the call needs; its usage would not help. */
  static CommandFailed unusable(String line) {
    return new CommandFailed(line);
  }

  CommandFailed(int status, String line, Throwable cause) {
    super(line, cause);
    this.status = status;
    this.helped = status == BAD_USAGE;
  }

  int status() {
    return status;
  }

  /** Whether to point at the call's usage. */
  boolean isHelped() {
    return helped;
  }

  /** What is shown: never empty. */
  String line() {
    String message = getMessage();
    return message == null ? "failed" : message;
  }
}
