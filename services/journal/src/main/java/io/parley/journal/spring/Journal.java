package io.parley.journal.spring;

import io.parley.journal.Service;
import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.http.CommandRoutes;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import io.parley.journal.stream.JournalStreams;
import java.time.Clock;
import java.util.stream.Stream;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** One service, running. */
public final class Journal implements AutoCloseable {
  private final Service service;
  private final JournalStreams streams;
  private final CommandGateway gateway;
  private final CommandRoutes commands;
  private final RouterFunction<ServerResponse> routes;

  Journal(Service service, ParleyProperties properties, JsonMapper json, Traces traces) {
    this.service = service;
    Topics.create(
        properties.kafka(),
        Stream.of(
                Topics.SERVICES.stream().map(Topics::events),
                Stream.of(Topics.commands(service.name()), Topics.replies(service.name())),
                Stream.of(Topics.restricted(service.name())).filter(_ -> service.restricts()))
            .flatMap(names -> names)
            .toList());
    this.gateway = new CommandGateway(service.name(), properties, traces);
    this.streams = JournalStreams.start(service, properties, traces);
    this.commands = new CommandRoutes(service, gateway, properties, json, Clock.systemUTC());
    this.routes = commands.routes();
  }

  /** The service. */
  public Service service() {
    return service;
  }

  /** Its stream client. */
  public JournalStreams streams() {
    return streams;
  }

  /** Its gateway. */
  public CommandGateway gateway() {
    return gateway;
  }

  /** Its way in over HTTP. */
  public CommandRoutes commands() {
    return commands;
  }

  RouterFunction<ServerResponse> routes() {
    return routes;
  }

  @Override
  public void close() {
    gateway.close();
    streams.close();
  }
}
