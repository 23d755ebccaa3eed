package io.parley.journal.reading;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * What is traced, and what of it is told (ADR 19). Nothing is where no exporter is configured. A
 * request's span has its method, its path's pattern and how it ended: no path, no query, no words
 * of an error, since an id or a sentence in them may be what not everybody may learn of (rule 32).
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

  @Bean
  Traces traces(ObjectProvider<OpenTelemetry> telemetry, ObjectProvider<SpanExporter> exporters) {
    OpenTelemetry found = telemetry.getIfAvailable();
    return found == null || exporters.stream().findAny().isEmpty() ? Traces.OFF : Traces.of(found);
  }

  /** Requests have an id of a trace all the same, for their problems and their log lines. */
  @Bean
  Sampler sampler(
      ObjectProvider<SpanExporter> exporters,
      @Value("${management.tracing.sampling.probability:0.1}") double probability) {
    return exporters.stream().findAny().isEmpty()
        ? Sampler.alwaysOff()
        : Sampler.parentBased(Sampler.traceIdRatioBased(probability));
  }

  /** Spring Security would tell of each filter, and of who asks for what. */
  @Bean
  ObservationPredicate noStepsOfSecurity() {
    return (name, context) -> !name.startsWith("spring.security");
  }

  /** Probes and scrapes are no news. */
  @Bean
  SpanExportingPredicate noProbes() {
    return span -> span.getName() == null || !span.getName().contains("/actuator");
  }

  @Bean
  DefaultServerRequestObservationConvention requests() {
    return new DefaultServerRequestObservationConvention() {
      @Override
      public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.empty();
      }
    };
  }

  /** In the place of Spring Boot's own, before the handler of what comes from nowhere. */
  @Bean
  @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
  PropagatingReceiverTracingObservationHandler<ReceiverContext<?>> requestSpans(
      Tracer tracer, Propagator propagator) {
    return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator) {
      @Override
      public void onError(ReceiverContext<?> context) {
        // The convention names the kind of error; its words stay here.
      }
    };
  }
}
