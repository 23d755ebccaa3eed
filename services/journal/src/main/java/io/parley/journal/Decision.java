package io.parley.journal;

import io.parley.schemas.Event;
import java.util.List;

/** What a decider makes of a command. Refusals that are expected are values, not exceptions. */
public sealed interface Decision {
  /**
   * The command is accepted. Headers are not yet set, but where an event is recorded on behalf of
   * an earlier command: then author, command, cause, correlation, times and source may be, and
   * stay.
   *
   * @param events what is recorded on the open log, in order
   * @param restricted what is recorded, before them, on the restricted log (ADR 7); both are empty
   *     where the command changes nothing
   */
  record Accepted(List<Event> events, List<Event> restricted) implements Decision {
    /** Copies the lists. */
    public Accepted {
      events = List.copyOf(events);
      restricted = List.copyOf(restricted);
    }
  }

  /**
   * A rule refuses it; answered as 409.
   *
   * @param code stable, UPPER_SNAKE
   * @param rule the rule's number in docs/language.md
   * @param detail what was wrong and where, for a person
   */
  record Rejected(String code, int rule, String detail) implements Decision {}

  /**
   * Something that it names does not exist; answered as 404 and not remembered, since it may exist
   * by the next try.
   *
   * @param code stable, UPPER_SNAKE
   * @param detail what is missing, for a person
   */
  record Unknown(String code, String detail) implements Decision {}

  /** Accepts with these events. */
  static Decision accept(Event... events) {
    return new Accepted(List.of(events), List.of());
  }

  /** Accepts with these events, which only those with the right may learn of. */
  static Decision restrict(Event... events) {
    return new Accepted(List.of(), List.of(events));
  }

  /** Accepts with the last event of a restricted aggregate and the first of the open one. */
  static Decision release(Event restricted, Event open) {
    return new Accepted(List.of(open), List.of(restricted));
  }

  /** Accepts a command that changes nothing. */
  static Decision unchanged() {
    return new Accepted(List.of(), List.of());
  }

  /** Refuses by a rule. */
  static Decision reject(String code, int rule, String detail) {
    return new Rejected(code, rule, detail);
  }

  /** Refuses for something that does not exist. */
  static Decision unknown(String code, String detail) {
    return new Unknown(code, detail);
  }
}
