package io.parley.journal.stream;

import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.RecordRoundOutcome;
import io.parley.schemas.schedule.ScheduleRound;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Commands as the HTTP edge would make them. */
final class Commands {
  private Commands() {}

  /** Adds a party, with no key. */
  static AddParty add(String negotiation, String party) {
    return add(negotiation, party, UUID.randomUUID().toString(), false);
  }

  /** Adds a party, with a key: sent again with the same key, it is the same command. */
  static AddParty keyed(String negotiation, String party, String key) {
    return add(negotiation, party, key, true);
  }

  /** Adds a party once these tokens are known. */
  static AddParty after(String negotiation, String party, String... tokens) {
    AddParty add = add(negotiation, party);
    add.header().after(List.of(tokens));
    return add;
  }

  /** Adds a party if the negotiation has this version. */
  static AddParty expecting(String negotiation, String party, long version) {
    AddParty add = add(negotiation, party);
    add.header().expectedVersion(version);
    return add;
  }

  /** Schedules a round: another aggregate of the same negotiation. */
  static ScheduleRound round(String negotiation, String round) {
    return new ScheduleRound()
        .header(header(negotiation, round, UUID.randomUUID().toString(), false))
        .round(round)
        .format(Format.DIRECT);
  }

  /** Schedules a round that nobody without the right may learn of before this instant. */
  static ScheduleRound sealed(String negotiation, String round, Instant until) {
    ScheduleRound command = round(negotiation, round);
    return command.title(until.toString());
  }

  /** Says how a round ended. */
  static RecordRoundOutcome outcome(String negotiation, String round) {
    return new RecordRoundOutcome()
        .header(header(negotiation, round, UUID.randomUUID().toString(), false))
        .round(round)
        .outcome(Outcome.AGREED);
  }

  static String idOf(Command command) {
    return command.header().id();
  }

  private static AddParty add(String negotiation, String party, String unique, boolean keyed) {
    return new AddParty()
        .header(header(negotiation, party, unique, keyed))
        .party(party)
        .name(party)
        .role(PartyRole.OBSERVER);
  }

  private static CommandHeader header(
      String negotiation, String body, String unique, boolean keyed) {
    String id = "schedule." + negotiation + "." + unique;
    return new CommandHeader()
        .id(id)
        .negotiation(negotiation)
        .author("tester")
        .roles(List.of("editor"))
        .receivedAt(Instant.EPOCH)
        .keyed(keyed)
        .bodyDigest(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
        .correlationId(id);
  }
}
