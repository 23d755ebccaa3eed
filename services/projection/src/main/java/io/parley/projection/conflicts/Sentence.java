package io.parley.projection.conflicts;

import io.parley.projection.names.Naming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A sentence in which names are left open: what somebody or something is called is looked up for
 * those that are answered alone.
 *
 * @param format as of {@link String#format}
 * @param words a {@link Name}, another sentence, or the text itself each
 */
record Sentence(String format, List<Object> words) {
  /** What an id is called. */
  record Name(String id) {}

  static Sentence of(String format, Object... words) {
    return new Sentence(format, List.of(words));
  }

  /** Several in one, parted by this. */
  static Sentence joined(String between, List<Sentence> parts) {
    return new Sentence(
        String.join(between, parts.stream().map(part -> "%s").toList()), List.copyOf(parts));
  }

  /** Adds the ids that a name is needed for. */
  void ids(Set<String> ids) {
    for (Object word : words) {
      switch (word) {
        case Name(String id) -> ids.add(id);
        case Sentence inner -> inner.ids(ids);
        default -> {}
      }
    }
  }

  /** The sentence with these names; an id that has none stands for itself. */
  String with(Map<String, Naming> names) {
    List<Object> said = new ArrayList<>();
    for (Object word : words) {
      said.add(
          switch (word) {
            case Name(String id) -> {
              Naming naming = names.get(id);
              yield naming == null || naming.name() == null ? id : naming.name();
            }
            case Sentence inner -> inner.with(names);
            default -> word;
          });
    }
    return String.format(Locale.ROOT, format, said.toArray());
  }
}
