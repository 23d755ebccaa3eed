package io.parley.announcement.domain;

import io.parley.journal.Decision;
import io.parley.schemas.Actor;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.Provision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stream's filters match in an item: gathered from its events, since a later one must reach
 * everybody who received an earlier one and a stream keeps no versions (rule 22).
 */
final class Keys {
  /** Most keys of a sort that corrections and reiterations may gather: each event carries all. */
  static final int MOST = 1000;

  private Keys() {}

  static FilterKeys of(AnnouncementPublished e) {
    return new FilterKeys()
        .kinds(List.of(e.kind().name()))
        .actors(ids(e.speaker(), e.onBehalfOf()))
        .topics(sorted(e.topics()))
        .languages(List.of(e.language()))
        .about(sorted(e.about()));
  }

  static FilterKeys of(AnnouncementCorrected e) {
    return new FilterKeys()
        .actors(ids(e.speaker(), e.onBehalfOf()))
        .topics(sorted(e.topics() == null ? List.of() : e.topics()))
        .languages(e.language() == null ? List.of() : List.of(e.language()))
        .about(sorted(e.about() == null ? List.of() : e.about()));
  }

  static FilterKeys of(ProposalMade e) {
    List<String> actors = new ArrayList<>();
    actors.add(e.by().id());
    if (e.to() != null) {
      actors.add(e.to());
    }
    return actors(actors).topics(List.of(e.topic()));
  }

  static FilterKeys of(ClaimRecorded e) {
    return new FilterKeys().kinds(List.of(e.kind().name())).about(sorted(e.about()));
  }

  static FilterKeys of(DraftRecorded e) {
    List<String> actors = new ArrayList<>(e.parties());
    for (Provision provision : e.provisions()) {
      if (provision.obligor() != null) {
        actors.add(provision.obligor());
      }
      actors.addAll(provision.beneficiaries());
      actors.addAll(provision.guarantors());
    }
    return actors(actors).topics(sorted(e.provisions().stream().map(Provision::topic).toList()));
  }

  /** Those of an actor that is named by the way. */
  static FilterKeys of(@Nullable Actor actor) {
    return actors(ids(actor, null));
  }

  /** Those of a party that acts. */
  static FilterKeys ofParty(String party) {
    return actors(List.of(party));
  }

  /** What one or the other has, each once, in order. */
  static FilterKeys both(FilterKeys before, FilterKeys more) {
    return new FilterKeys()
        .kinds(union(before.kinds(), more.kinds()))
        .actors(union(before.actors(), more.actors()))
        .topics(union(before.topics(), more.topics()))
        .languages(union(before.languages(), more.languages()))
        .about(union(before.about(), more.about()));
  }

  /** Refuses what an item cannot carry along with each of its events. */
  static Optional<Decision> tooMany(String item, FilterKeys keys) {
    return Stream.of(keys.actors(), keys.topics(), keys.languages(), keys.about())
            .anyMatch(each -> each.size() > MOST)
        ? Optional.of(
            Decision.reject(
                "TOO_MANY_KEYS",
                22,
                "the versions of %s name more than %d actors, topics, languages or subjects"
                    .formatted(item, MOST)))
        : Optional.empty();
  }

  private static FilterKeys actors(Collection<String> ids) {
    return new FilterKeys().actors(sorted(ids));
  }

  private static List<String> ids(@Nullable Actor one, @Nullable Actor other) {
    return Stream.of(Optional.ofNullable(one), Optional.ofNullable(other))
        .flatMap(Optional::stream)
        .map(Actor::id)
        .distinct()
        .sorted()
        .toList();
  }

  private static List<String> union(List<String> before, List<String> more) {
    return sorted(Stream.concat(before.stream(), more.stream()).toList());
  }

  private static List<String> sorted(Collection<String> keys) {
    return List.copyOf(new TreeSet<>(keys));
  }
}
