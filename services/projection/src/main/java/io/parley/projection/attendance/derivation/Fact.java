package io.parley.projection.attendance.derivation;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import org.jspecify.annotations.Nullable;

/** What a derivation rests on, each as one event recorded it, or as a question assumes it. */
public sealed interface Fact {
  /** Timeline position of its event; null where it is assumed. */
  @Nullable Long sequence();

  /** Name of its event; {@code Assumed} where there is none. */
  String type();

  /** Where it comes from. */
  @Nullable Cited source();

  /** That somebody is, or is not, somewhere: seen, or assumed. */
  sealed interface Seen extends Fact {
    /** Whose presence, and where. */
    Presence presence();

    /** Whether they are there. */
    boolean present();
  }

  /**
   * What was said (rule 8).
   *
   * @param presence whose presence, and where
   * @param party party of the person, if it was said
   * @param status what was said
   * @param speaker who said it: what the same speaker says later of the same presence supersedes it
   *     (rule 28)
   * @param asserted when it was said, if that is known
   */
  record Stated(
      Presence presence,
      @Nullable String party,
      AttendanceStatus status,
      String speaker,
      @Nullable Temporal asserted,
      Long sequence,
      @Nullable Cited source)
      implements Fact {
    @Override
    public String type() {
      return "AttendanceStated";
    }
  }

  /**
   * That a presence depends on another, or on what a text says (rule 9).
   *
   * @param condition id
   * @param dependent the presence that depends
   * @param requires the presence that it rests on; null where it is a text
   * @param text the condition in words; null where it is a presence
   * @param assessed how an editor settled it last; null while none has
   */
  record Condition(
      String condition,
      Presence dependent,
      ConditionKind kind,
      @Nullable Presence requires,
      @Nullable String text,
      @Nullable Assessed assessed,
      Long sequence,
      @Nullable Cited source)
      implements Fact {
    @Override
    public String type() {
      return "ConditionStated";
    }

    /** Whether this side of what it requires entails the same side of the dependent. */
    boolean carries(Side side) {
      return switch (kind) {
        case ONLY_IF -> side == Side.ABSENT;
        case IF -> side == Side.PRESENT;
        case IFF -> true;
        case UNRECOGNIZED -> false;
      };
    }
  }

  /**
   * How an editor settled a condition that the graph cannot (rule 14).
   *
   * @param condition id of the condition
   * @param result MET or UNMET
   */
  record Assessed(
      String condition, Assessment result, String reason, Long sequence, @Nullable Cited source)
      implements Fact {
    @Override
    public String type() {
      return "ConditionAssessed";
    }

    /** What the requirement counts as; null where the result is of a later release. */
    @Nullable Side side() {
      return switch (result) {
        case MET -> Side.PRESENT;
        case UNMET -> Side.ABSENT;
        case UNRECOGNIZED -> null;
      };
    }
  }

  /**
   * What was seen (rule 15).
   *
   * @param presence whose presence, and where
   * @param present checked in, or recorded absent
   * @param occurred when, if that is known
   */
  record Observed(
      Presence presence,
      boolean present,
      @Nullable Temporal occurred,
      Long sequence,
      @Nullable Cited source)
      implements Seen {
    @Override
    public String type() {
      return present ? "PersonCheckedIn" : "AbsenceRecorded";
    }
  }

  /**
   * What a question assumes and nobody records (rule 16).
   *
   * @param presence whose presence, and where
   * @param present whether they are taken to be there
   */
  record Assumed(Presence presence, boolean present) implements Seen {
    @Override
    public @Nullable Long sequence() {
      return null;
    }

    @Override
    public String type() {
      return "Assumed";
    }

    @Override
    public @Nullable Cited source() {
      return null;
    }
  }
}
