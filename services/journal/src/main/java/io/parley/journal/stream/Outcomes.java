package io.parley.journal.stream;

import io.parley.schemas.CommandHeader;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.OutcomeQuery;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What commands are answered with; one whose key was used before is answered as then (rule 26). */
final class Outcomes {
  private final Fold fold;
  private final Answers answers;
  private final Parking parking;

  Outcomes(Fold fold, Answers answers, Parking parking) {
    this.fold = fold;
    this.answers = answers;
    this.parking = parking;
  }

  /** One of this kind, with the version of the aggregate as it is now. */
  CommandOutcome of(Waiting waiting, OutcomeKind kind) {
    CommandHeader header = waiting.command().header();
    String aggregate = fold.deciding(waiting.command());
    return new CommandOutcome()
        .commandId(header.id())
        .author(header.author())
        .kind(kind)
        .negotiation(header.negotiation())
        .aggregate(aggregate)
        .version(fold.version(header.negotiation(), aggregate))
        .bodyDigest(header.bodyDigest());
  }

  /** The same whatever is on record. */
  CommandOutcome forbidden(Waiting waiting) {
    return of(waiting, OutcomeKind.FORBIDDEN).aggregate(waiting.command().aggregate()).version(0);
  }

  /**
   * That of a command whose key was used before: the first answer, or that the body is another.
   *
   * @return null where the key is new, or there is none
   */
  @Nullable CommandOutcome repeated(Waiting waiting) {
    CommandHeader header = waiting.command().header();
    CommandOutcome earlier =
        header.keyed() ? answers.find(header.id(), waiting.arrivedMillis()) : null;
    if (earlier == null || earlier.bodyDigest().equals(header.bodyDigest())) {
      return earlier;
    }
    return of(waiting, OutcomeKind.KEY_REUSED);
  }

  /** What became of a command that somebody asks for. */
  CommandOutcome asked(String negotiation, OutcomeQuery query, long nowMillis) {
    CommandOutcome found = answers.find(query.commandId(), nowMillis);
    if (found != null) {
      return found;
    }
    String author = parking.author(negotiation, query.commandId());
    return new CommandOutcome()
        .commandId(query.commandId())
        .author(author)
        .kind(author == null ? OutcomeKind.COMMAND_UNKNOWN : OutcomeKind.COMMAND_PENDING)
        .negotiation(negotiation)
        .aggregate("")
        .bodyDigest(ByteBuffer.allocate(0));
  }

  /** Keeps one for who sends the command again, where another try could not end otherwise. */
  void remember(CommandOutcome outcome, long arrivedMillis) {
    switch (outcome.kind()) {
      case UNKNOWN_REFERENCE, FAILED, FORBIDDEN -> {}
      default -> answers.remember(outcome, arrivedMillis);
    }
  }
}
