package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpStatus;

/** Whoever got no answer can ask for it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OutcomeAsked {
  @Test
  void afterATimeoutTheOutcomeIsToldToWhoAsks() throws Exception {
    try (World world = World.empty(World.Settings.USUAL.timeout(Duration.ofSeconds(1)))) {
      var command = Commands.add("asked", "ua");
      assertThatThrownBy(() -> world.send(command))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> {
                assertThat(problem.status()).isEqualTo(HttpStatus.GATEWAY_TIMEOUT);
                assertThat(problem.body("t")).containsEntry("commandId", Commands.idOf(command));
              });
      world.start();
      CommandOutcome told = askUntilAnswered(world, Commands.idOf(command));
      assertThat(told.kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(told.version()).isEqualTo(1);
      assertThat(world.events("asked")).hasSize(1);
    }
  }

  @Test
  void whatNobodySentIsUnknownAndWhatWaitsIsPending() throws Exception {
    try (World world = World.written()) {
      assertThat(ask(world, "schedule.asked.nothing").kind())
          .isEqualTo(OutcomeKind.COMMAND_UNKNOWN);
      var waiting = Commands.after("asked", "ua", "delegation/asked/delegation:ru@1");
      var answer = world.gateway().send(waiting);
      assertThat(ask(world, Commands.idOf(waiting)).kind()).isEqualTo(OutcomeKind.COMMAND_PENDING);
      world.delegation("asked", "ru");
      CommandOutcome outcome = answer.get(30, TimeUnit.SECONDS);
      assertThat(ask(world, Commands.idOf(waiting))).isEqualTo(outcome);
    }
  }

  @Test
  void withTheLogOutOfReachNothingIsSentAndItSaysSo() throws Exception {
    Path data = World.newDirectory();
    TestBroker broker = TestBroker.start();
    var properties = World.properties(broker.bootstrapServers(), data, World.Settings.USUAL);
    Topics.create(
        properties.kafka(), List.of(Topics.commands("schedule"), Topics.replies("schedule")));
    try (var gateway = new CommandGateway("schedule", properties)) {
      broker.close();
      assertThatThrownBy(() -> gateway.send(Commands.add("away", "ua")).get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> {
                assertThat(problem.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
                assertThat(problem.code()).isEqualTo("LOG_UNAVAILABLE");
                assertThat(problem.retryAfter()).isNotNull();
              });
      assertThat(gateway.pending()).isZero();
    } finally {
      broker.close();
      World.delete(data);
    }
  }

  private static CommandOutcome ask(World world, String id) throws Exception {
    return world.gateway().ask("asked", id).get(30, TimeUnit.SECONDS);
  }

  /** While the writer starts, asking too may run out of time. */
  private static CommandOutcome askUntilAnswered(World world, String id) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        return ask(world, id);
      } catch (ExecutionException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
