package io.parley.journal.reading;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;

/**
 * The steps of a command through Kafka, as spans of one trace (ADR 19). Between two steps the trace
 * travels in a record's header {@code traceparent} (W3C Trace Context); nothing else of it does.
 * Where no exporter is configured this is {@link #OFF}: it makes no span and no header.
 */
public final class Traces {
  /** Traces nothing. */
  public static final Traces OFF = new Traces(OpenTelemetry.noop().getTracer("parley"), false);

  /** Of what belongs to no trace. */
  public static final SpanContext NONE = SpanContext.getInvalid();

  private static final String HEADER = "traceparent";
  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String text) {
          return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String text, String key) {
          // Not tracestate: it is free text of whoever sent it.
          return key.equals(HEADER) ? text : null;
        }
      };

  private final Tracer tracer;
  private final boolean on;

  private Traces(Tracer tracer, boolean on) {
    this.tracer = tracer;
    this.on = on;
  }

  /** Traces everything, by this library. */
  public static Traces of(OpenTelemetry telemetry) {
    return new Traces(telemetry.getTracer("parley"), true);
  }

  /** Whether anything is traced here at all. */
  public boolean isOn() {
    return on;
  }

  /** Begins a step of a trace, or a trace where there is no step before it. */
  public Span begin(String name, SpanKind kind, SpanContext before, SpanContext... links) {
    if (!on) {
      return Span.getInvalid();
    }
    SpanBuilder span = tracer.spanBuilder(name).setSpanKind(kind);
    if (before.isValid()) {
      span.setParent(Context.root().with(Span.wrap(before)));
    } else {
      span.setNoParent();
    }
    for (SpanContext link : links) {
      span.addLink(link);
    }
    return span.startSpan();
  }

  /** Does the work of a step; what is logged meanwhile on this thread names it. */
  public void during(Span step, Runnable work) {
    if (!on) {
      work.run();
      return;
    }
    try (Scope _ = step.makeCurrent()) {
      work.run();
    }
  }

  /** The step of a trace that a request is; none where requests are not traced. */
  public static SpanContext of(ServerWebExchange exchange) {
    TraceContext context =
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
            .map(request -> request.<TracingContext>get(TracingContext.class))
            .map(TracingContext::getSpan)
            .map(io.micrometer.tracing.Span::context)
            .orElse(null);
    return context == null
        ? NONE
        : SpanContext.create(
            context.traceId(),
            context.spanId(),
            Boolean.TRUE.equals(context.sampled())
                ? TraceFlags.getSampled()
                : TraceFlags.getDefault(),
            TraceState.getDefault());
  }

  /** The step that wrote a record; none where it was not traced. */
  public static SpanContext read(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    return header == null || header.value() == null
        ? NONE
        : parse(new String(header.value(), StandardCharsets.US_ASCII));
  }

  /** Writes a step to a record, in place of an earlier one. */
  public static void write(SpanContext step, Headers headers) {
    if (step.isValid()) {
      headers.remove(HEADER).add(HEADER, text(step).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A step as text; empty for none. */
  public static String text(SpanContext step) {
    // Whether it is sampled, and no other flag: no event is to be told from another by them.
    return step.isValid()
        ? "00-" + step.getTraceId() + "-" + step.getSpanId() + (step.isSampled() ? "-01" : "-00")
        : "";
  }

  /** A step from its text; none where it cannot be read. */
  public static SpanContext parse(String text) {
    Context read = W3CTraceContextPropagator.getInstance().extract(Context.root(), text, GETTER);
    return Span.fromContext(read).getSpanContext();
  }
}
