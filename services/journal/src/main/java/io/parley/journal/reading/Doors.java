package io.parley.journal.reading;

import java.util.List;

/** The doors of one service or part, as a bean beside what they lead to. */
public record Doors(List<Door> all) {
  /** Copies the list. */
  public Doors {
    all = List.copyOf(all);
  }

  /** These doors. */
  public static Doors of(Door... doors) {
    return new Doors(List.of(doors));
  }
}
