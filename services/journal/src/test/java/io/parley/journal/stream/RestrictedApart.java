package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Command;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.wire.RestrictedChain;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a command answers, and what an open event says, tells nobody of what is restricted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RestrictedApart {
  private static final String TOKEN = "schedule/n/restricted-round:ru-secret@1";

  @Test
  void rule32_whatIsOpenNeverNamesWhatIsRestricted() throws Exception {
    try (World world = sealed()) {
      var open = Commands.round("n", "open");
      open.header().after(List.of(TOKEN));
      assertThat(world.send(open).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(world.events()).hasSize(1);
      assertThat(world.events().getFirst().header().seen()).isEmpty();
    }
  }

  @Test
  void rule23_aTokenOfWhatOneMayNotKnowIsAsOneOfWhatDoesNotExist() throws Exception {
    try (World world = sealed()) {
      assertThat(world.send(after("ua-1", "party:n/ua", TOKEN)).kind())
          .isEqualTo(OutcomeKind.NOT_YET_KNOWN);
      String nothing = TOKEN.replace("secret", "nothing");
      assertThat(world.send(after("ua-2", "party:n/ua", nothing)).kind())
          .isEqualTo(OutcomeKind.NOT_YET_KNOWN);
      assertThat(world.send(after("ua-3", "party:other/ru-secret", TOKEN)).kind())
          .isEqualTo(OutcomeKind.FORBIDDEN);
      assertThat(world.send(after("ru-secret-2", "party:n/ru-secret", TOKEN)).kind())
          .isEqualTo(OutcomeKind.ACCEPTED);
    }
  }

  @Test
  void rule23_whoMayNotRecordIsToldTheSameWhateverIsOnRecord() throws Exception {
    try (World world = sealed()) {
      assertThat(told(world, "ru-secret")).isEqualTo(told(world, "ru-nothing"));
      assertThat(told(world, "ru-secret").kind()).isEqualTo(OutcomeKind.FORBIDDEN);
    }
  }

  @Test
  void rule32_eachItemHasAChainOfItsOwnThatGoesOnWhateverIsLost() throws Exception {
    try (World world = sealed()) {
      String other = "restricted-round:ru-other";
      world.send(Commands.sealed("n", "ru-other", Instant.now().plus(Duration.ofHours(1))));
      world.send(Commands.round("n", "open"));
      world.send(Commands.outcome("n", "ru-secret"));
      world.stop();
      world.forgetStateDirectory();
      world.forgetChangelogs();
      world.start(Vault.service(1));
      world.send(Commands.outcome("n", "ru-secret"));
      world.stop();
      world.start(Vault.service(2));
      world.send(Commands.outcome("n", "ru-secret"));
      Map<String, List<String>> said = new HashMap<>();
      Map<String, String> heads = new HashMap<>();
      for (var record : world.committed(Topics.restricted("schedule"))) {
        Event event = (Event) Wire.decode(record.value());
        String aggregate = event.header().aggregate();
        String before = heads.getOrDefault(aggregate, RestrictedChain.START);
        String hash =
            RestrictedChain.next(before, record.timestamp(), event.type(), record.value());
        heads.put(aggregate, hash);
        said.computeIfAbsent(aggregate, key -> new ArrayList<>()).add(hash(record));
        assertThat(hash(record)).isEqualTo(heads.get(aggregate));
      }
      assertThat(said).hasSize(2).containsKey(other);
      assertThat(said.get("restricted-round:ru-secret")).doesNotHaveDuplicates().hasSize(4);
      assertThat(world.committed(Topics.events("schedule")))
          .isNotEmpty()
          .allMatch(record -> record.headers().lastHeader(RestrictedChain.HEADER) == null);
    }
  }

  /** A view of a moment between would change, if it were recorded as of when its command came. */
  @Test
  void rule29_whatIsRestrictedIsRecordedWhenItIsDecided() throws Exception {
    try (World world = sealed()) {
      world.stop();
      String commands = Topics.commands("schedule");
      int before = world.committed(commands).size();
      var late = world.gateway().send(Commands.outcome("n", "ru-secret"));
      while (world.committed(commands).size() == before) {
        Thread.onSpinWait();
      }
      long between = System.currentTimeMillis() + 1;
      while (System.currentTimeMillis() <= between) {
        Thread.onSpinWait();
      }
      world.start(Vault.service(1));
      assertThat(late.get(60, TimeUnit.SECONDS).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      var last = world.committed(Topics.restricted("schedule")).getLast();
      Event event = (Event) Wire.decode(last.value());
      assertThat(event.header().decidedAt().toEpochMilli()).isLessThan(between);
      assertThat(last.timestamp()).isGreaterThan(between);
    }
  }

  private static String hash(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(RestrictedChain.HEADER);
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  /** What the other party is answered, but for the ids that it chose itself. */
  private static CommandOutcome told(World world, String round) throws Exception {
    var command = Commands.round("n", round);
    command.header().roles(List.of("party:n/ua")).expectedVersion(7L);
    CommandOutcome outcome = world.send(command);
    return outcome
        .commandId("")
        .aggregate(outcome.aggregate().replace(round, "ROUND"))
        .bodyDigest(ByteBuffer.allocate(0));
  }

  private static Command after(String round, String role, String token) {
    var command = Commands.round("n", round);
    command.header().roles(List.of(role)).after(List.of(token));
    return command;
  }

  private static World sealed() throws Exception {
    World world = World.empty(World.Settings.USUAL.parkedFor(Duration.ofSeconds(1)));
    world.start(Vault.service(1));
    Instant due = Instant.now().plus(Duration.ofHours(1));
    CommandOutcome outcome = world.send(Commands.sealed("n", "ru-secret", due));
    assertThat(outcome.events().getFirst().id()).isEqualTo(TOKEN);
    return world;
  }
}
