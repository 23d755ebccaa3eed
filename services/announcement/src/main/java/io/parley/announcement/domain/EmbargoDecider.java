package io.parley.announcement.domain;

import io.parley.announcement.domain.AnnouncementDecider.Chain;
import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.EventHeader;
import io.parley.schemas.announcement.Announcement.AnnouncementCommand;
import io.parley.schemas.announcement.Announcement.AnnouncementEvent;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementHeld;
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
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An announcement under embargo ({@code restricted-announcement:ID}), which nobody without the
 * right learns of (rules 23 and 32).
 *
 * <p>It can be corrected and stays under embargo; be retracted, which cancels its release for good;
 * and its embargo be moved. Once it is due it is published as it stands then, as if nobody had
 * recorded it before.
 */
public final class EmbargoDecider
    implements Decider.Restricted<EmbargoDecider.State, AnnouncementCommand, AnnouncementEvent> {

  /** Where an embargoed announcement stands. */
  public sealed interface State {}

  /** It is not on record. */
  public record None() implements State {}

  /**
   * It waits for its release.
   *
   * @param item what will be published, as last corrected; its header says on whose behalf
   * @param chain its versions so far, with those of its embargo
   */
  public record Embargoed(AnnouncementPublished item, Chain chain) implements State {
    private String dueAt() {
      return Objects.requireNonNull(item.dueAt(), "an embargo has an end");
    }
  }

  /** It was retracted before anybody learned of it, and will not be released. */
  public record Cancelled(@Nullable String issuer) implements State {}

  /** It is public, and its further record is open. */
  public record Released(@Nullable String issuer) implements State {}

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public @Nullable String issuer(State state) {
    return switch (state) {
      case None _ -> null;
      case Embargoed s -> s.item().issuer();
      case Cancelled s -> s.issuer();
      case Released s -> s.issuer();
    };
  }

  @Override
  public @Nullable Instant dueAt(State state) {
    return switch (state) {
      case Embargoed s -> Instant.parse(s.dueAt());
      case None _, Cancelled _, Released _ -> null;
    };
  }

  @Override
  public Decision decide(State state, AnnouncementCommand command, References references) {
    return switch (state) {
      case Embargoed s ->
          switch (command) {
            case PublishAnnouncement c -> AnnouncementDecider.publishAgain(c);
            case HoldAnnouncement c -> notPublic(c.announcement());
            case CorrectAnnouncement c ->
                restricted(AnnouncementDecider.correct(s.chain(), c, references));
            case RetractAnnouncement c ->
                Decision.restrict(AnnouncementDecider.retract(s.chain(), c));
            case ReinstateAnnouncement c -> notPublic(c.announcement());
            case SetEmbargo c -> move(s, c);
          };
      case Cancelled _ ->
          switch (command) {
            case PublishAnnouncement c -> AnnouncementDecider.publishAgain(c);
            case CorrectAnnouncement c -> AnnouncementDecider.retracted(c.announcement(), 21);
            case HoldAnnouncement c -> cancelled(c.announcement());
            case RetractAnnouncement c -> cancelled(c.announcement());
            case ReinstateAnnouncement c -> cancelled(c.announcement());
            case SetEmbargo c -> cancelled(c.announcement());
          };
      // The open record decides before the first and after the last event of this one.
      case None _, Released _ -> throw new IllegalStateException("the open record decides");
    };
  }

  @Override
  public Decision release(State state, References references) {
    if (!(state instanceof Embargoed s)) {
      throw new IllegalStateException("nothing is due");
    }
    AnnouncementPublished item = s.item();
    // What it refers to is on record since it was. Looked up once more, for the open record to name
    // what it rests on, as it does of any announcement.
    var _ = references.find("negotiation:" + item.header().negotiation(), KnownNegotiation.class);
    var _ = AnnouncementDecider.answersNothing(item.inReplyTo(), references);
    var _ = About.missing(item.about(), references);
    EmbargoEnded ended =
        new EmbargoEnded()
            .header(onBehalfOf(item.header()))
            .announcement(item.announcement())
            .dueAt(s.dueAt());
    return Decision.release(
        ended, copy(item).header(onBehalfOf(item.header())).dueAt(null).issuer(null));
  }

  @Override
  public State evolve(State state, AnnouncementEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case AnnouncementPublished e ->
                new Embargoed(e, AnnouncementDecider.published(e).chain());
            case AnnouncementHeld _,
                AnnouncementCorrected _,
                AnnouncementRetracted _,
                AnnouncementReinstated _,
                EmbargoSet _,
                EmbargoEnded _ ->
                throw impossible(event);
          };
      case Embargoed s ->
          switch (event) {
            case AnnouncementCorrected e ->
                new Embargoed(corrected(s.item(), e), s.chain().next(e));
            case EmbargoSet e ->
                new Embargoed(
                    copy(s.item()).header(s.item().header()).dueAt(e.until()), s.chain().next());
            case AnnouncementRetracted _ -> new Cancelled(s.item().issuer());
            case EmbargoEnded _ -> new Released(s.item().issuer());
            case AnnouncementPublished _, AnnouncementHeld _, AnnouncementReinstated _ ->
                throw impossible(event);
          };
      case Cancelled _, Released _ -> throw impossible(event);
    };
  }

  // What is decided

  /** Begins a restricted record; it is the party's whose ids its id is one of, if any. */
  static Decision embargo(PublishAnnouncement c, String until, References references) {
    String issuer =
        KnownNegotiation.of(c, references).map(known -> known.owner(c.announcement())).orElse(null);
    return Decision.restrict(AnnouncementPublished.from(c).dueAt(until).issuer(issuer));
  }

  private static Decision move(Embargoed s, SetEmbargo c) {
    return past(c, c.until())
        .orElseGet(
            () ->
                Instant.parse(c.until()).equals(Instant.parse(s.dueAt()))
                    ? Decision.unchanged()
                    : Decision.restrict(EmbargoSet.from(c)));
  }

  /** Refuses an end that is not in the future. */
  static Optional<Decision> past(Command command, String until) {
    return Instant.parse(until).isAfter(command.header().receivedAt())
        ? Optional.empty()
        : Optional.of(
            Decision.reject(
                "EMBARGO_IN_THE_PAST", 23, "an embargo ends in the future, not " + until));
  }

  private static Decision restricted(Decision decision) {
    return decision instanceof Decision.Accepted accepted
        ? new Decision.Accepted(List.of(), accepted.events())
        : decision;
  }

  // What is refused

  private static Decision notPublic(String announcement) {
    return Decision.reject(
        "UNDER_EMBARGO",
        23,
        "announcement %s is under embargo: move the embargo, or retract it"
            .formatted(announcement));
  }

  private static Decision cancelled(String announcement) {
    return Decision.reject(
        "RELEASE_CANCELLED",
        23,
        "announcement %s was retracted under embargo: publish it under another id"
            .formatted(announcement));
  }

  private static IllegalStateException impossible(AnnouncementEvent event) {
    return new IllegalStateException(event.type() + " in the record of an embargo");
  }

  // What follows from an event

  private static AnnouncementPublished corrected(
      AnnouncementPublished item, AnnouncementCorrected e) {
    AnnouncementPublished after = copy(item);
    EventHeader header = onBehalfOf(item.header()).negotiation(item.header().negotiation());
    return after
        .header(e.header().source() == null ? header : header.source(e.header().source()))
        .speaker(e.speaker() == null ? item.speaker() : e.speaker())
        .onBehalfOf(e.onBehalfOf() == null ? item.onBehalfOf() : e.onBehalfOf())
        .text(e.text() == null ? item.text() : e.text())
        .language(e.language() == null ? item.language() : e.language())
        .topics(e.topics() == null ? item.topics() : e.topics())
        .about(e.about() == null ? item.about() : e.about())
        .period(e.period() == null ? item.period() : e.period());
  }

  /** The same fields, without the header. */
  private static AnnouncementPublished copy(AnnouncementPublished item) {
    return new AnnouncementPublished()
        .announcement(item.announcement())
        .kind(item.kind())
        .speaker(item.speaker())
        .onBehalfOf(item.onBehalfOf())
        .text(item.text())
        .language(item.language())
        .topics(item.topics())
        .inReplyTo(item.inReplyTo())
        .about(item.about())
        .period(item.period())
        .dueAt(item.dueAt())
        .issuer(item.issuer());
  }

  /** Of the header of an item, what says on whose behalf it is published (rule 30). */
  private static EventHeader onBehalfOf(EventHeader header) {
    return new EventHeader()
        .author(header.author())
        .commandId(header.commandId())
        .causationId(header.causationId())
        .correlationId(header.correlationId())
        .occurred(header.occurred())
        .asserted(header.asserted())
        .source(header.source());
  }
}
