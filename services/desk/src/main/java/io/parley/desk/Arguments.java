package io.parley.desk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of one call: options of the form {@code --name value} or {@code --name=value}, and
 * the rest in order.
 *
 * @param options value of each option given
 * @param rest what is no option
 */
record Arguments(Map<String, String> options, List<String> rest) {
  static Arguments parse(List<String> given, Set<String> known) throws CommandFailed {
    Map<String, String> options = new HashMap<>();
    List<String> rest = new ArrayList<>();
    var remaining = given.iterator();
    while (remaining.hasNext()) {
      String argument = remaining.next();
      if (!argument.startsWith("--")) {
        rest.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
      if (!known.contains(name)) {
        throw new CommandFailed(CommandFailed.BAD_USAGE, "unknown option --" + name);
      }
      if (equals < 0 && !remaining.hasNext()) {
        throw new CommandFailed(CommandFailed.BAD_USAGE, "--" + name + " needs a value");
      }
      options.put(name, equals < 0 ? remaining.next() : argument.substring(equals + 1));
    }
    return new Arguments(Map.copyOf(options), List.copyOf(rest));
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The option, or else the environment variable. */
  Optional<String> option(String name, String variable) {
    return option(name)
        .or(() -> Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank()));
  }

  /** The option as a whole number within bounds. */
  int number(String name, int otherwise, int least, int most) throws CommandFailed {
    Optional<String> given = option(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of bounds.
    }
    throw new CommandFailed(
        CommandFailed.BAD_USAGE, "--" + name + " is a number from " + least + " to " + most);
  }
}
