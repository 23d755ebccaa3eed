package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Command;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.RecordedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the log must say, whatever happened. */
final class Claims {
  private Claims() {}

  /** Every aggregate has the versions 1 to n, in this order, with no gap and none twice. */
  static void versionsHaveNoGap(List<Event> events) {
    Map<String, Long> last = new HashMap<>();
    for (Event event : events) {
      String aggregate = event.header().negotiation() + "/" + event.header().aggregate();
      long before = last.getOrDefault(aggregate, 0L);
      assertThat(event.header().version()).as("version of %s", aggregate).isEqualTo(before + 1);
      last.put(aggregate, event.header().version());
    }
  }

  /**
   * What was acknowledged is recorded once, as the answer said; what was refused never; what nobody
   * was told of at most once.
   */
  static void logSaysWhatWasAnswered(
      List<Event> events, Map<String, CommandOutcome> answers, List<? extends Command> sent) {
    Map<String, List<Event>> recorded =
        events.stream().collect(Collectors.groupingBy(event -> event.header().commandId()));
    assertThat(sent.stream().map(Commands::idOf)).containsAll(recorded.keySet());
    for (Command command : sent) {
      String id = Commands.idOf(command);
      List<Event> found = recorded.getOrDefault(id, List.of());
      CommandOutcome answer = answers.get(id);
      if (answer == null) {
        assertThat(found).as("unanswered command %s", id).hasSizeLessThanOrEqualTo(1);
      } else if (answer.kind() == OutcomeKind.ACCEPTED) {
        assertThat(found.stream().map(event -> event.header().id()))
            .as("acknowledged command %s", id)
            .containsExactlyElementsOf(answer.events().stream().map(RecordedEvent::id).toList());
      } else {
        assertThat(found).as("refused command %s", id).isEmpty();
      }
    }
  }
}
