package io.parley.projection.shape;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An item that rests on announcements: on reading it is flagged {@code basisWithdrawn} where one of
 * them stands retracted at the moment that is asked for (rule 22). What it rests on is what it
 * names: its basis, what it answers, what it is about.
 */
public interface Resting {
  /** Name of the property that lists them in a row. */
  String PROPERTY = "~restsOn";

  /** Ids of the announcements. */
  @JsonProperty(value = PROPERTY, access = READ_ONLY)
  List<String> restsOn();

  /** The announcements among references {@code KIND:ID}. */
  static List<String> announcements(List<String> references) {
    String kind = "announcement:";
    return references.stream()
        .filter(reference -> reference.startsWith(kind))
        .map(reference -> reference.substring(kind.length()))
        .toList();
  }
}
