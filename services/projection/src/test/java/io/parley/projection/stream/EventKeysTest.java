package io.parley.projection.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Actor;
import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.schedule.MeetingScheduled;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
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
    Schema keys =
        SchemaBuilder.record("FilterKeys")
            .fields()
            .name("kinds")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .name("actors")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .name("topics")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .name("languages")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .endRecord();
    Schema retracted =
        SchemaBuilder.record("AnnouncementRetracted")
            .fields()
            .requiredString("announcement")
            .name("keys")
            .type(Schema.createUnion(Schema.create(Schema.Type.NULL), keys))
            .noDefault()
            .endRecord();
    EventKeys found =
        EventKeys.of(
            new GenericRecordBuilder(retracted)
                .set("announcement", "a")
                .set(
                    "keys",
                    new GenericRecordBuilder(keys)
                        .set("kinds", List.of("STATEMENT"))
                        .set("actors", List.of("anna", "ru"))
                        .set("topics", List.of("ceasefire", "borders"))
                        .set("languages", List.of("en", "fr"))
                        .build())
                .build());
    assertThat(found.kinds()).containsExactly("STATEMENT");
    assertThat(found.parties()).containsExactlyInAnyOrder("anna", "ru");
    assertThat(found.persons()).containsExactlyInAnyOrder("anna", "ru");
    assertThat(found.topics()).containsExactlyInAnyOrder("ceasefire", "borders");
    assertThat(found.languages()).containsExactlyInAnyOrder("en", "fr");
  }
}
