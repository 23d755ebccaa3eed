package io.parley.journal.stream;

import io.parley.schemas.CommandOutcome;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * The answers that were given, by command, for as long as an idempotency key is remembered (rule
 * 26). They age by the broker's clock: the append times of the commands.
 */
final class Answers {
  private final WindowStore<String, byte[]> store;
  private final long rememberedMillis;

  Answers(WindowStore<String, byte[]> store, Duration remembered) {
    this.store = store;
    this.rememberedMillis = remembered.toMillis();
  }

  void remember(CommandOutcome outcome, long nowMillis) {
    store.put(outcome.commandId(), Wire.encode(outcome), nowMillis);
  }

  @Nullable CommandOutcome find(String commandId, long nowMillis) {
    // The broker's clock may have stepped back since: an answer from "later" is still the answer.
    try (WindowStoreIterator<byte[]> found =
        store.fetch(commandId, nowMillis - rememberedMillis, nowMillis + rememberedMillis)) {
      return found.hasNext() ? Wire.decode(found.next().value, CommandOutcome.class) : null;
    }
  }
}
