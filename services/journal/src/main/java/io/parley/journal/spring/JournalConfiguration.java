package io.parley.journal.spring;

import static io.parley.journal.reading.Door.To.RECORDERS;

import io.parley.journal.Service;
import io.parley.journal.http.CommandDocs;
import io.parley.journal.http.CommandRoutes;
import io.parley.journal.reading.Door;
import io.parley.journal.reading.Doors;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.ReadingConfiguration;
import io.parley.journal.reading.Traces;
import java.util.List;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** What a write service imports: it runs each {@link Service} bean of the application. */
@Configuration(proxyBeanMethods = false)
@Import({ReadingConfiguration.class, JournalHealth.class, JournalMetrics.class})
public class JournalConfiguration {

  @Bean(destroyMethod = "")
  Journals journals(
      List<Service> services, ParleyProperties properties, JsonMapper json, Traces traces) {
    return new Journals(
        services.stream().map(service -> new Journal(service, properties, json, traces)).toList());
  }

  @Bean
  RouterFunction<ServerResponse> commandRoutes(Journals journals) {
    return journals.all().stream().map(Journal::routes).reduce(RouterFunction::and).orElseThrow();
  }

  /** Who may record something gets in; what, is decided with what is on record (rule 32). */
  @Bean
  Doors commandDoors(List<Service> services) {
    return new Doors(
        services.stream()
            .flatMap(
                service ->
                    Stream.of(
                        Door.post(CommandRoutes.commands(service), RECORDERS),
                        Door.get(CommandRoutes.outcomes(service), RECORDERS)))
            .toList());
  }

  @Bean
  OpenApiCustomizer commandDocs(List<Service> services) {
    return api -> services.forEach(service -> new CommandDocs(service).describe(api));
  }
}
