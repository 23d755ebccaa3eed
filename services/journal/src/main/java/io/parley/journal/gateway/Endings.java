package io.parley.journal.gateway;

import io.parley.journal.reading.Problem;
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
 * How the commands of one service ended, counted since the process began. A command that came again
 * counts again. Nothing is told apart by negotiation or by what a command says: a count must not
 * tell of what is restricted (rule 32).
 */
public final class Endings {
  /** How a command can end, as its sender is told. */
  public enum Ending {
    ACCEPTED,
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

    private static Ending of(OutcomeKind kind) {
      return switch (kind) {
        case ACCEPTED -> ACCEPTED;
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
    adder(outcome == null ? of(error) : Ending.of(outcome.kind())).increment();
  }

  /** Commands that have ended so. */
  public long ended(Ending ending) {
    return adder(ending).sum();
  }

  private LongAdder adder(Ending ending) {
    return Objects.requireNonNull(counts.get(ending), "every ending is counted");
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
