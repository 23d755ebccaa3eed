package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** A batch of several traces is a step of each, and they are linked where they meet. */
class BatchStepsTest {
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final Traces traces =
      Traces.of(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(spans))
                      .build())
              .build());

  @Test
  void eachTraceHasItsStepAndTheyAreLinked() {
    long now = System.currentTimeMillis();
    List<SpanContext> settled = List.of(settled(), settled(), settled());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    settled.forEach(step -> records.add(record(records.size(), now, step)));
    records.add(record(3, now, Traces.NONE));
    records.add(record(4, now - Duration.ofHours(1).toMillis(), settled()));
    spans.reset();
    BatchSteps steps = BatchSteps.begin(traces, batch(records));
    steps.end();
    List<SpanData> found = spans.getFinishedSpanItems();
    assertThat(found)
        .extracting(SpanData::getTraceId)
        .containsExactlyElementsOf(settled.stream().map(SpanContext::getTraceId).toList());
    assertThat(found)
        .extracting(SpanData::getParentSpanId)
        .containsExactlyElementsOf(settled.stream().map(SpanContext::getSpanId).toList());
    assertThat(links(found.get(0)))
        .containsExactly(settled.get(1).getSpanId(), settled.get(2).getSpanId());
    assertThat(links(found.get(1))).containsExactly(found.get(0).getSpanId());
    assertThat(links(found.get(2))).containsExactly(found.get(0).getSpanId());
  }

  @Test
  void whatIsNotTracedIsNotLookedAt() {
    SpanContext step = settled();
    spans.reset();
    BatchSteps steps =
        BatchSteps.begin(Traces.OFF, batch(List.of(record(0, System.currentTimeMillis(), step))));
    assertThat(steps.work()).isSameAs(Span.getInvalid());
    steps.end();
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  private SpanContext settled() {
    Span step = traces.begin("settle", SpanKind.CONSUMER, Traces.NONE);
    step.end();
    return step.getSpanContext();
  }

  private static List<String> links(SpanData span) {
    return span.getLinks().stream()
        .map(LinkData::getSpanContext)
        .map(SpanContext::getSpanId)
        .toList();
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, long millis, SpanContext step) {
    Headers headers = new RecordHeaders();
    Traces.write(step, headers);
    return new ConsumerRecord<>(
        Topics.TIMELINE,
        0,
        offset,
        millis,
        TimestampType.CREATE_TIME,
        0,
        0,
        new byte[0],
        new byte[0],
        headers,
        Optional.empty());
  }

  private static ConsumerRecords<byte[], byte[]> batch(
      List<ConsumerRecord<byte[], byte[]>> records) {
    return new ConsumerRecords<>(Map.of(new TopicPartition(Topics.TIMELINE, 0), records), Map.of());
  }
}
