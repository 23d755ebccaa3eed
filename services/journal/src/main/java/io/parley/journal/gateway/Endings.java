package io.parley.journal.gateway;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Token;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * How the commands of one service ended that were not accepted, counted since the process began. A
 * command that came again counts again. Nothing is told apart by negotiation or by what a command
 * says, and a count must not tell of what is restricted either (rule 32): whatever is decided of a
 * restricted item is not counted, nor what is accepted, since that less the open events would be
 * how much is hidden, or was released.
 */
public final class Endings {
  /** How a command can end other than well, as its sender is told. */
  public enum Ending {
    REFUSED,
    UNKNOWN_REFERENCE,
    VERSION_MISMATCH,
    KEY_REUSED,
    NOT_YET_KNOWN,
    OVERLOADED,
    FAILED,
    FORBIDDEN,
    /** 503: it never reached the log. */
    NOT_SENT,
    /** 504: only the log knows. */
    NO_ANSWER;

    private static @Nullable Ending of(OutcomeKind kind) {
      return switch (kind) {
        case ACCEPTED -> null;
        case REFUSED -> REFUSED;
        case UNKNOWN_REFERENCE -> UNKNOWN_REFERENCE;
        case VERSION_MISMATCH -> VERSION_MISMATCH;
        case KEY_REUSED -> KEY_REUSED;
        case NOT_YET_KNOWN -> NOT_YET_KNOWN;
        case OVERLOADED -> OVERLOADED;
        case FORBIDDEN -> FORBIDDEN;
        // The second and third answer questions, never commands.
        case FAILED, COMMAND_UNKNOWN, COMMAND_PENDING, UNRECOGNIZED -> FAILED;
      };
    }
  }

  private final Map<Ending, LongAdder> counts = new EnumMap<>(Ending.class);

  /** Nothing has ended yet. */
  public Endings() {
    for (Ending ending : Ending.values()) {
      counts.put(ending, new LongAdder());
    }
  }

  /** Counts what a command's future was completed with: one of the two is null. */
  public void count(@Nullable CommandOutcome outcome, @Nullable Throwable error) {
    Ending ending = outcome == null ? of(error) : of(outcome);
    if (ending != null) {
      adder(ending).increment();
    }
  }

  /** Commands that have ended so. */
  public long ended(Ending ending) {
    return adder(ending).sum();
  }

  private LongAdder adder(Ending ending) {
    return Objects.requireNonNull(counts.get(ending), "every ending is counted");
  }

  private static @Nullable Ending of(CommandOutcome outcome) {
    return Token.isRestricted(outcome.aggregate()) ? null : Ending.of(outcome.kind());
  }

  private static Ending of(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : error;
    boolean notSent =
        cause instanceof Problem problem && problem.status() == HttpStatus.SERVICE_UNAVAILABLE;
    return notSent ? Ending.NOT_SENT : Ending.NO_ANSWER;
  }
}
