package io.parley.announcement.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.Announcement.AnnouncementCommand;
import io.parley.schemas.announcement.Announcement.AnnouncementEvent;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.CorrectAnnouncement;
import io.parley.schemas.announcement.EmbargoEnded;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.announcement.HoldAnnouncement;
import io.parley.schemas.announcement.PublishAnnouncement;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SetEmbargo;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something said or issued ({@code announcement:ID}), and what became of it on record: corrected,
 * held, retracted, put back (rules 21, 22 and 25).
 *
 * <p>A held one is taken back for the time being: it can be corrected and stays held, be retracted,
 * or be reinstated. A retracted one can only be reinstated.
 */
public final class AnnouncementDecider
    implements Decider<AnnouncementDecider.State, AnnouncementCommand, AnnouncementEvent> {

  /** Where an announcement stands. */
  public sealed interface State {}

  /** It is not on record. */
  public record None() implements State {}

  /** It stands, as published or as last corrected. */
  public record Published(Chain chain) implements State {}

  /** It is taken back for the time being. */
  public record Held(Chain chain) implements State {}

  /** It is retracted; a tombstone stays (rule 22). */
  public record Retracted(Chain chain) implements State {}

  /**
   * The versions so far.
   *
   * @param newest the aggregate's version: what a correction must target (rule 21)
   * @param nonMention whether it says that something was not said
   * @param document whether its newest version is about a document (rule 25)
   * @param period whether its newest version has a bounded period (rule 25)
   * @param keys what filters match in any of them (rule 22)
   */
  public record Chain(
      long newest, boolean nonMention, boolean document, boolean period, FilterKeys keys) {
    Chain next() {
      return new Chain(newest + 1, nonMention, document, period, keys);
    }

    Chain next(AnnouncementCorrected e) {
      return new Chain(
          newest + 1,
          nonMention,
          e.about() == null ? document : About.namesDocument(e.about()),
          e.period() == null ? period : isBounded(e.period()),
          Keys.both(keys, Keys.of(e)));
    }
  }

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, AnnouncementCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case PublishAnnouncement c -> publish(c, references);
            case HoldAnnouncement c -> notFound(c.announcement());
            case CorrectAnnouncement c -> notFound(c.announcement());
            case RetractAnnouncement c -> notFound(c.announcement());
            case ReinstateAnnouncement c -> notFound(c.announcement());
            case SetEmbargo c -> notFound(c.announcement());
          };
      case Published s ->
          switch (command) {
            case PublishAnnouncement c -> publishAgain(c);
            case HoldAnnouncement c ->
                Decision.accept(AnnouncementHeld.from(c).keys(s.chain().keys()));
            case CorrectAnnouncement c -> correct(s.chain(), c, references);
            case RetractAnnouncement c -> Decision.accept(retract(s.chain(), c));
            case ReinstateAnnouncement c ->
                Decision.reject(
                    "NOTHING_TO_REINSTATE",
                    21,
                    c.announcement() + " is neither held nor retracted");
            case SetEmbargo c -> isPublic(c);
          };
      case Held s ->
          switch (command) {
            case PublishAnnouncement c -> publishAgain(c);
            case HoldAnnouncement c ->
                Decision.reject("ALREADY_HELD", 22, c.announcement() + " is held");
            case CorrectAnnouncement c -> correct(s.chain(), c, references);
            case RetractAnnouncement c -> Decision.accept(retract(s.chain(), c));
            case ReinstateAnnouncement c -> reinstate(s.chain(), c);
            case SetEmbargo c -> isPublic(c);
          };
      case Retracted s ->
          switch (command) {
            case PublishAnnouncement c -> publishAgain(c);
            case HoldAnnouncement c -> retracted(c.announcement(), 22);
            case CorrectAnnouncement c -> retracted(c.announcement(), 21);
            case RetractAnnouncement c -> retracted(c.announcement(), 22);
            case ReinstateAnnouncement c -> reinstate(s.chain(), c);
            case SetEmbargo c -> isPublic(c);
          };
    };
  }

  @Override
  public State evolve(State state, AnnouncementEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case AnnouncementPublished e -> published(e);
            case AnnouncementHeld _,
                AnnouncementCorrected _,
                AnnouncementRetracted _,
                AnnouncementReinstated _,
                EmbargoSet _,
                EmbargoEnded _ ->
                throw impossible(event, state);
          };
      case Published s ->
          switch (event) {
            case AnnouncementHeld _ -> new Held(s.chain().next());
            case AnnouncementCorrected e -> new Published(s.chain().next(e));
            case AnnouncementRetracted _ -> new Retracted(s.chain().next());
            case AnnouncementPublished _, AnnouncementReinstated _, EmbargoSet _, EmbargoEnded _ ->
                throw impossible(event, state);
          };
      case Held s ->
          switch (event) {
            case AnnouncementCorrected e -> new Held(s.chain().next(e));
            case AnnouncementRetracted _ -> new Retracted(s.chain().next());
            case AnnouncementReinstated _ -> new Published(s.chain().next());
            case AnnouncementPublished _, AnnouncementHeld _, EmbargoSet _, EmbargoEnded _ ->
                throw impossible(event, state);
          };
      case Retracted s ->
          switch (event) {
            case AnnouncementReinstated _ -> new Published(s.chain().next());
            case AnnouncementPublished _,
                AnnouncementHeld _,
                AnnouncementCorrected _,
                AnnouncementRetracted _,
                EmbargoSet _,
                EmbargoEnded _ ->
                throw impossible(event, state);
          };
    };
  }

  // What is decided

  /**
   * Under an embargo it is the first of a restricted record, which {@link EmbargoDecider} keeps.
   */
  private static Decision publish(PublishAnnouncement c, References references) {
    boolean nonMention = c.kind() == AnnouncementKind.NON_MENTION;
    return unbounded(
            c.announcement(), nonMention, About.namesDocument(c.about()), isBounded(c.period()))
        .or(() -> answersNothing(c.inReplyTo(), references))
        .or(() -> About.missing(c.about(), references))
        .or(() -> Optional.ofNullable(c.embargoUntil()).flatMap(t -> EmbargoDecider.past(c, t)))
        .orElseGet(
            () ->
                c.embargoUntil() == null
                    ? Decision.accept(AnnouncementPublished.from(c))
                    : EmbargoDecider.embargo(c, c.embargoUntil(), references));
  }

  static Decision publishAgain(PublishAnnouncement c) {
    return Decision.reject(
        "ANNOUNCEMENT_EXISTS",
        21,
        "announcement %s is on record: correct it, or choose another id"
            .formatted(c.announcement()));
  }

  static Decision correct(Chain chain, CorrectAnnouncement c, References references) {
    if (c.corrects() != chain.newest()) {
      return Decision.reject(
          "CORRECTS_OLD_VERSION",
          21,
          "the newest version of %s is %d, not %d"
              .formatted(c.announcement(), chain.newest(), c.corrects()));
    }
    if (Stream.of(
            Optional.ofNullable(c.text()),
            Optional.ofNullable(c.topics()),
            Optional.ofNullable(c.language()),
            Optional.ofNullable(c.speaker()),
            Optional.ofNullable(c.onBehalfOf()),
            Optional.ofNullable(c.about()),
            Optional.ofNullable(c.period()))
        .allMatch(Optional::isEmpty)) {
      return Decision.reject(
          "NOTHING_TO_CORRECT", 21, "no field of %s is corrected".formatted(c.announcement()));
    }
    AnnouncementCorrected corrected = AnnouncementCorrected.from(c);
    Chain after = chain.next(corrected);
    return unbounded(c.announcement(), after.nonMention(), after.document(), after.period())
        .or(() -> Optional.ofNullable(c.about()).flatMap(a -> About.missing(a, references)))
        .or(() -> Keys.tooMany(c.announcement(), after.keys()))
        .orElseGet(() -> Decision.accept(corrected.keys(after.keys())));
  }

  static AnnouncementRetracted retract(Chain chain, RetractAnnouncement c) {
    return AnnouncementRetracted.from(c).keys(chain.keys());
  }

  private static Decision reinstate(Chain chain, ReinstateAnnouncement c) {
    return Decision.accept(AnnouncementReinstated.from(c).keys(chain.keys()));
  }

  // What is refused

  static Decision notFound(String announcement) {
    return Decision.unknown(
        "ANNOUNCEMENT_NOT_FOUND", "there is no announcement %s".formatted(announcement));
  }

  static Decision retracted(String announcement, int rule) {
    return Decision.reject(
        "ANNOUNCEMENT_RETRACTED",
        rule,
        "announcement %s stands retracted: reinstate it first".formatted(announcement));
  }

  private static Decision isPublic(SetEmbargo c) {
    return Decision.reject(
        "NOT_UNDER_EMBARGO", 23, "announcement %s is public".formatted(c.announcement()));
  }

  /** Rule 25: that something was not said must be said of a document, or of a bounded period. */
  private static Optional<Decision> unbounded(
      String announcement, boolean nonMention, boolean document, boolean period) {
    return nonMention && !document && !period
        ? Optional.of(
            Decision.reject(
                "NON_MENTION_UNBOUNDED",
                25,
                "non-mention %s needs a document among what it is about, or a bounded period"
                    .formatted(announcement)))
        : Optional.empty();
  }

  static Optional<Decision> answersNothing(@Nullable String inReplyTo, References references) {
    return Optional.ofNullable(inReplyTo)
        .filter(id -> references.find("announcement:" + id, State.class).isEmpty())
        .map(AnnouncementDecider::notFound);
  }

  /**
   * Whether a period has both ends: an EDTF interval with an open ({@code ..}) or unknown (empty)
   * end has not, nor has a set that runs on before its first or after its last member.
   */
  private static boolean isBounded(@Nullable TemporalValue period) {
    if (period == null) {
      return false;
    }
    String ends = period.edtf().replaceAll("[\\[\\]{}]", "");
    return Stream.of(ends.split("/", -1))
        .noneMatch(end -> end.isEmpty() || end.startsWith("..") || end.endsWith(".."));
  }

  // What follows from an event

  static Published published(AnnouncementPublished e) {
    return new Published(
        new Chain(
            1,
            e.kind() == AnnouncementKind.NON_MENTION,
            About.namesDocument(e.about()),
            isBounded(e.period()),
            Keys.of(e)));
  }

  private static IllegalStateException impossible(AnnouncementEvent event, State state) {
    return new IllegalStateException(event.type() + " in " + state);
  }
}
