package io.parley.projection.projector;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * One batch of the projector as a step of every trace that it is of: the first of them has the work
 * and is linked to where the others come from, and theirs are linked to it (ADR 19).
 */
final class BatchSteps {
  private static final String NAME = "project";

  /** Steps that one is linked to at most; the library keeps no more. */
  private static final int LINKS = 128;

  /** Older entries are folded again, not for the first time: their traces are long over. */
  private static final Duration NEW = Duration.ofMinutes(10);

  private final List<Span> steps;

  private BatchSteps(List<Span> steps) {
    this.steps = steps;
  }

  /** Begins the steps of what is sampled; of nothing where nothing is traced. */
  static BatchSteps begin(Traces traces, ConsumerRecords<byte[], byte[]> records) {
    if (!traces.isOn()) {
      return new BatchSteps(List.of());
    }
    List<SpanContext> settled = new ArrayList<>();
    long since = System.currentTimeMillis() - NEW.toMillis();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      SpanContext step = Traces.read(record.headers());
      if (step.isSampled() && record.timestamp() > since) {
        settled.add(step);
      }
    }
    List<Span> steps = new ArrayList<>(settled.size());
    for (SpanContext step : settled) {
      SpanContext[] links =
          steps.isEmpty()
              ? settled.stream().skip(1).limit(LINKS).toArray(SpanContext[]::new)
              : new SpanContext[] {steps.getFirst().getSpanContext()};
      steps.add(traces.begin(NAME, SpanKind.CONSUMER, step, links));
    }
    if (!steps.isEmpty()) {
      steps.getFirst().setAttribute("parley.batch", records.count());
    }
    return new BatchSteps(steps);
  }

  /** The step that has the work. */
  Span work() {
    return steps.isEmpty() ? Span.getInvalid() : steps.getFirst();
  }

  /** The batch was not written. */
  void fail() {
    steps.forEach(step -> step.setStatus(StatusCode.ERROR));
  }

  void end() {
    steps.forEach(Span::end);
  }
}
