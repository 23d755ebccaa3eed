package io.parley.projection.conflicts;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.conflicts.Situation.Claimed;
import io.parley.projection.delegations.Delegation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What rests on an announcement that stands retracted (rule 22): a delegation whose basis it is, an
 * announcement in reply to it or about it, a claim about it. They are flagged and stay.
 */
final class Withdrawn {
  private static final String ANNOUNCEMENT = "announcement:";

  private final Map<String, AnnouncementItem> retracted = new HashMap<>();
  private final List<Finding> found = new ArrayList<>();

  private Withdrawn() {}

  static List<Finding> of(Situation situation) {
    Withdrawn withdrawn = new Withdrawn();
    for (AnnouncementItem item : situation.announcements()) {
      if (item.status() == AnnouncementItem.Status.RETRACTED) {
        withdrawn.retracted.put(item.announcement(), item);
      }
    }
    if (!withdrawn.retracted.isEmpty()) {
      situation.delegations().stream().filter(Delegation::published).forEach(withdrawn::delegation);
      situation.announcements().stream()
          .filter(item -> item.status() != AnnouncementItem.Status.RETRACTED)
          .forEach(withdrawn::announcement);
      situation.claims().forEach(withdrawn::claim);
    }
    return withdrawn.found;
  }

  private void delegation(Delegation delegation) {
    Sentence what = Sentence.of("The delegation of %s", new Name(delegation.party()));
    rests(
        "delegation:" + delegation.party(),
        what,
        Ground.at(delegation.sequence(), what),
        Stream.ofNullable(delegation.basis()));
  }

  private void announcement(AnnouncementItem item) {
    Sentence what =
        Sentence.of(
            "The %s '%s' of %s",
            item.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            item.announcement(),
            new Name(item.speaker().id()));
    rests(
        ANNOUNCEMENT + item.announcement(),
        what,
        Ground.at(item.firstSequence(), what),
        Stream.concat(Stream.ofNullable(item.inReplyTo()), announcements(item.about())));
  }

  private void claim(Claimed claim) {
    Sentence what = Sentence.of("The claim '%s'", claim.claim());
    rests(
        "claim:" + claim.claim(),
        what,
        Ground.of("claim:" + claim.claim(), what),
        Stream.ofNullable(claim.about()).flatMap(Withdrawn::announcements));
  }

  private static Stream<String> announcements(List<String> about) {
    return about.stream()
        .filter(each -> each.startsWith(ANNOUNCEMENT))
        .map(each -> each.substring(ANNOUNCEMENT.length()));
  }

  private void rests(String subject, Sentence what, Ground ground, Stream<String> bases) {
    for (String basis : new TreeSet<>(bases.filter(retracted::containsKey).toList())) {
      AnnouncementItem tombstone = Objects.requireNonNull(retracted.get(basis));
      found.add(
          new Finding(
              Kind.BASIS_WITHDRAWN,
              Severity.POSSIBLE,
              List.of(subject, ANNOUNCEMENT + basis),
              Sentence.of("%s rests on the announcement '%s', which was retracted", what, basis),
              List.of(
                  ground,
                  Ground.at(
                      tombstone.sequence(),
                      Sentence.of("The announcement '%s' was retracted", basis)))));
    }
  }
}
