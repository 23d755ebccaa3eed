package io.parley.journal.stream;

import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.journal.reading.Access;
import io.parley.journal.reading.Token;
import io.parley.journal.stream.StateCodec.Versioned;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import org.jspecify.annotations.Nullable;

/** What the sender of a command may record, and what he may know of. */
final class Permissions {
  private final Service service;
  private final Fold fold;

  Permissions(Service service, Fold fold) {
    this.service = service;
    this.fold = fold;
  }

  /** Whether its sender may record this, whatever is on record. */
  boolean permit(Command command) {
    Access.Rights rights = Access.Rights.of(command.header().roles());
    String negotiation = command.header().negotiation();
    References references = fold.references(negotiation, Fold.nothingSeen());
    return rights.mayRecordAnything()
        || rights.parties(negotiation).stream()
            .anyMatch(party -> service.own().test(command, party, references));
  }

  /**
   * Whether its sender may know of what decides this: the rights to an id may have come after
   * somebody else's restricted item of that id (rule 23).
   */
  boolean mayLearn(Command command) {
    String negotiation = command.header().negotiation();
    String deciding = fold.deciding(command);
    return !Token.isRestricted(deciding)
        || mayKnow(
            Access.Rights.of(command.header().roles()),
            negotiation,
            deciding,
            fold.find(negotiation, service.name(), deciding));
  }

  /**
   * True where everything that a command waits for is known here. A token of what its sender may
   * not know to exist is as one of what does not exist (rule 23).
   */
  boolean know(CommandHeader header) {
    if (header.after().isEmpty()) {
      return true;
    }
    Access.Rights rights = Access.Rights.of(header.roles());
    return header.after().stream().map(Token::parse).allMatch(token -> isKnown(token, rights));
  }

  private boolean isKnown(Token token, Access.Rights rights) {
    var known = fold.find(token.negotiation(), token.service(), token.aggregate());
    if (known == null || known.version() < token.version()) {
      return false;
    }
    return !token.isRestricted() || mayKnow(rights, token.negotiation(), token.aggregate(), known);
  }

  private boolean mayKnow(
      Access.Rights rights, String negotiation, String aggregate, @Nullable Versioned known) {
    String kind = aggregate.substring(0, aggregate.indexOf(':'));
    Service.Aggregate<?, ?, ?> decided = service.aggregates().get(kind);
    return decided != null && rights.mayKnow(negotiation, Deciding.issuer(decided, known));
  }
}
