package io.parley.projection.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Actor;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.schedule.MeetingScheduled;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventKeysTest {
  @Test
  void whoSpeaksMayBeAPersonOrAParty() {
    EventKeys keys =
        EventKeys.of(
            new AnnouncementPublished()
                .kind(AnnouncementKind.DECREE)
                .speaker(new Actor().id("anna"))
                .onBehalfOf(new Actor().id("ru"))
                .language("en")
                .topics(List.of("ceasefire"))
                .about(List.of("person:boris", "party:ua", "meeting:first")));
    assertThat(keys.parties()).containsExactlyInAnyOrder("anna", "ru", "ua");
    assertThat(keys.persons()).containsExactlyInAnyOrder("anna", "ru", "boris");
    assertThat(keys.kinds()).containsExactly("DECREE");
    assertThat(keys.topics()).containsExactly("ceasefire");
    assertThat(keys.languages()).containsExactly("en");
  }

  @Test
  void bothSidesOfATransferAreNamed() {
    EventKeys keys =
        EventKeys.of(
            new MemberAppointed()
                .party("ru")
                .transferredFrom("ua")
                .person(new Person().id("anna").name("Anna")));
    assertThat(keys.parties()).containsExactlyInAnyOrder("ru", "ua");
    assertThat(keys.persons()).containsExactly("anna");
  }

  @Test
  void whatLiesDeeperIsFoundToo() {
    EventKeys keys =
        EventKeys.of(
            new DraftRecorded()
                .parties(List.of("ru"))
                .provisions(
                    List.of(
                        new Provision()
                            .topic("borders")
                            .obligor("ua")
                            .beneficiaries(List.of("tr"))
                            .guarantors(List.of("us")))));
    assertThat(keys.parties()).containsExactlyInAnyOrder("ru", "ua", "tr", "us");
    assertThat(keys.topics()).containsExactly("borders");
    assertThat(EventKeys.of(new MeetingScheduled().participants(List.of("ru"))).parties())
        .containsExactly("ru");
  }

  /** Rule 22: a retraction that carries the keys of all versions is found by each of them. */
  @Test
  void rule22_theKeysOfAllVersionsCount() {
    EventKeys found =
        EventKeys.of(
            new AnnouncementRetracted()
                .announcement("a")
                .keys(
                    new FilterKeys()
                        .kinds(List.of("STATEMENT"))
                        .actors(List.of("anna", "ru"))
                        .topics(List.of("ceasefire", "borders"))
                        .languages(List.of("en", "fr"))
                        .about(List.of("person:boris", "party:ua", "topic:nato", "meeting:m"))));
    assertThat(found.kinds()).containsExactly("STATEMENT");
    assertThat(found.parties()).containsExactlyInAnyOrder("anna", "ru", "ua");
    assertThat(found.persons()).containsExactlyInAnyOrder("anna", "ru", "boris");
    assertThat(found.topics()).containsExactlyInAnyOrder("ceasefire", "borders", "nato");
    assertThat(found.languages()).containsExactlyInAnyOrder("en", "fr");
  }
}
