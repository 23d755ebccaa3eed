package io.parley.desk;

import java.util.List;

/** The command line: what {@code ./parley} runs once a JDK is found and the build is fresh. */
public final class Parley {
  private static final String USAGE =
      """
      usage: ./parley CALL [OPTION…]

        demo               up, then the example and its board; stays up
        up                 all services, broker and database
        load FILE…         sends commands, one JSON object a line, each with its "service"
        watch [NAME=VALUE…]  the stream of events in the terminal; comes back by itself
        replay NEGOTIATION   its history, as it was recorded
        board [NEGOTIATION]  the state of a negotiation in the terminal
        export NEGOTIATION FILE.zip  its record, to be checked offline
        verify FILE.zip    checks an export, with no service and no network
        token ROLE…        a bearer token for the running instance
        image              the container image of the services
        test               the whole test suite
        bench [NAME]       benchmarks beside their baselines

      ./parley CALL --help says more. Exit status: 0, 1 (said no), 2 (bad usage), 3 (not reachable).
      """;

  private Parley() {}

  /**
   * Runs one call and exits with its status.
   *
   * @param arguments the call and its arguments
   */
  public static void main(String[] arguments) {
    int status = run(List.of(arguments));
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments) {
    String call = arguments.isEmpty() ? "" : arguments.getFirst();
    List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
    boolean help = rest.contains("--help") || rest.contains("-h");
    try {
      switch (call) {
        case "up" -> show(help, Desk.USAGE, () -> Desk.up(rest));
        case "demo" -> show(help, Demo.USAGE, () -> Demo.run(rest));
        case "load" -> show(help, Load.USAGE, () -> Load.run(rest));
        case "board" -> show(help, Board.USAGE, () -> Board.run(rest));
        case "watch" -> show(help, Watch.USAGE, () -> Watch.run(rest));
        case "replay" -> show(help, Replay.USAGE, () -> Replay.run(rest));
        case "export" -> show(help, Export.USAGE, () -> Export.run(rest));
        case "verify" -> show(help, Verify.USAGE, () -> Verify.run(rest));
        case "token" -> show(help, DeskKey.USAGE, () -> DeskKey.run(rest));
        case "--help", "-h", "help" -> System.out.print(USAGE);
        default -> throw new CommandFailed(CommandFailed.BAD_USAGE, unknown(call));
      }
      return 0;
    } catch (CommandFailed e) {
      System.err.println("parley: " + e.line());
      if (e.isHelped()) {
        System.err.println("parley: see ./parley " + (known(call) ? call + " " : "") + "--help");
      }
      return e.status();
    }
  }

  private static String unknown(String call) {
    return call.isEmpty() ? "no call given" : "unknown call " + call;
  }

  private static boolean known(String call) {
    return List.of("up", "demo", "load", "watch", "replay", "board", "export", "verify", "token")
        .contains(call);
  }

  private static void show(boolean help, String usage, Call call) throws CommandFailed {
    if (help) {
      System.out.print(usage);
    } else {
      call.run();
    }
  }

  private interface Call {
    void run() throws CommandFailed;
  }
}
