package io.parley.delegation.domain.violations;

import io.parley.journal.reading.Token;
import io.parley.journal.stream.JournalStreams;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.wire.Wire;
import java.util.Optional;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.springframework.http.HttpStatus;

/** What a domain package must not see, each alone. */
public final class Sights {
  private Sights() {}

  /** A log is a witness, not a part of a decision. */
  public record SeesALogger(Logger log) {}

  /** Knows of HTTP. */
  public record SeesSpring(HttpStatus status) {}

  /** Knows of the topology. */
  public record SeesStreams(JournalStreams streams) {}

  /** Tokens are the journal's business. */
  public record SeesTokens(Token token) {}

  /** Names Avro. */
  public record SeesAvro(Optional<Schema> schema) {}

  /** Names Avro through a generated class. */
  public static final class SeesAvroByTheWay {
    private SeesAvroByTheWay() {}

    /** The schema's name is Avro's, not the language's. */
    public static String name() {
      return ComposeDelegation.SCHEMA$.getName();
    }
  }

  /** Asks a generated class for what it inherits of Avro. */
  public static final class SeesAvroByInheritance {
    private SeesAvroByInheritance() {}

    /** {@code type()} says the same. */
    public static String name(ComposeDelegation command) {
      return command.getSchema().getName();
    }
  }

  /** Knows how records are written to bytes. */
  public static final class SeesTheWire {
    private SeesTheWire() {}

    /** Decides by bytes. */
    public static int bytes(ComposeDelegation command) {
      return Wire.encode(command).length;
    }
  }
}
