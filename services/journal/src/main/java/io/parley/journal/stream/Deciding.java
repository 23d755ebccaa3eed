package io.parley.journal.stream;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service.Aggregate;
import io.parley.journal.stream.StateCodec.Versioned;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks an aggregate's decider of what the store holds: the one place where the two types meet. */
final class Deciding {
  private Deciding() {}

  static <S, C extends Command, E extends Event> Decision decide(
      Aggregate<S, C, E> aggregate,
      @Nullable Versioned known,
      Command command,
      References references) {
    C own = aggregate.commands().cast(command);
    return aggregate.decider().decide(state(aggregate, known), own, references);
  }

  /** Of a restricted aggregate: what is recorded now that it is due. */
  static <S, C extends Command, E extends Event> Decision release(
      Aggregate<S, C, E> aggregate, @Nullable Versioned known, References references) {
    return restricted(aggregate).release(state(aggregate, known), references);
  }

  /** Of a restricted aggregate: the party that may know of it. */
  static <S, C extends Command, E extends Event> @Nullable String issuer(
      Aggregate<S, C, E> aggregate, @Nullable Versioned known) {
    return restricted(aggregate).issuer(state(aggregate, known));
  }

  /** Of a restricted aggregate: when it becomes public by itself. */
  static <S, C extends Command, E extends Event> @Nullable Instant dueAt(
      Aggregate<S, C, E> aggregate, @Nullable Versioned known) {
    return restricted(aggregate).dueAt(state(aggregate, known));
  }

  private static <S, C extends Command, E extends Event> S state(
      Aggregate<S, C, E> aggregate, @Nullable Versioned known) {
    Object value = known == null ? null : known.value();
    return value == null ? aggregate.decider().initial() : aggregate.state().cast(value);
  }

  private static <S, C extends Command, E extends Event> Decider.Restricted<S, C, E> restricted(
      Aggregate<S, C, E> aggregate) {
    if (aggregate.decider() instanceof Decider.Restricted<S, C, E> restricted) {
      return restricted;
    }
    throw new IllegalStateException("a restricted kind has a decider that restricts nothing");
  }
}
