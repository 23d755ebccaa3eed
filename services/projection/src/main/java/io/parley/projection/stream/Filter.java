package io.parley.projection.stream;

import java.util.Set;

/**
 * What a subscriber wants: OR inside one set, AND between them; an empty set wants all. Two that
 * want the same are equal, so that they share what is made for them.
 */
record Filter(
    Set<String> negotiations,
    Set<String> services,
    Set<String> types,
    Set<String> parties,
    Set<String> persons,
    Set<String> kinds,
    Set<String> topics,
    Set<String> languages) {
  /** Copies the sets. */
  Filter {
    negotiations = Set.copyOf(negotiations);
    services = Set.copyOf(services);
    types = Set.copyOf(types);
    parties = Set.copyOf(parties);
    persons = Set.copyOf(persons);
    kinds = Set.copyOf(kinds);
    topics = Set.copyOf(topics);
    languages = Set.copyOf(languages);
  }

  /** Values in all sets together. */
  int values() {
    return negotiations.size()
        + services.size()
        + types.size()
        + parties.size()
        + persons.size()
        + kinds.size()
        + topics.size()
        + languages.size();
  }

  /** Whether it may match, as far as can be told without decoding the event. */
  boolean mayMatch(StreamEvent event) {
    return has(negotiations, event.negotiation());
  }

  boolean matches(StreamEvent event) {
    if (!mayMatch(event)) {
      return false;
    }
    StreamEvent.Content content = event.content();
    if (content.isFault()) {
      // It may be one that is wanted: silence would be a gap.
      return true;
    }
    return has(services, content.service())
        && has(types, content.type())
        && (!looksInside() || matches(event.keys()));
  }

  /** Whether it asks for more than an event's negotiation, service and type. */
  private boolean looksInside() {
    return !(parties.isEmpty()
        && persons.isEmpty()
        && kinds.isEmpty()
        && topics.isEmpty()
        && languages.isEmpty());
  }

  private boolean matches(EventKeys keys) {
    return any(parties, keys.parties())
        && any(persons, keys.persons())
        && any(kinds, keys.kinds())
        && any(topics, keys.topics())
        && any(languages, keys.languages());
  }

  private static boolean has(Set<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }

  private static boolean any(Set<String> wanted, Set<String> values) {
    if (wanted.isEmpty()) {
      return true;
    }
    for (String value : values) {
      if (wanted.contains(value)) {
        return true;
      }
    }
    return false;
  }
}
