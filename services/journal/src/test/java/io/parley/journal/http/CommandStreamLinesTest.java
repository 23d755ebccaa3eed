package io.parley.journal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Service;
import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.http.CommandReader.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

class CommandStreamLinesTest {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  @Test
  void countsEachLineThatIsAnswered() {
    Service service = Service.named("schedule", 1, List.of()).build();
    CommandStream stream =
        new CommandStream(
            service, unused(), new CommandReader(service), 10, new JsonMapper(), Clock.systemUTC());
    DefaultDataBufferFactory buffers = new DefaultDataBufferFactory();
    Sender sender = new Sender("editor", List.of());
    byte[] body = "[]\nnot json\n{}".getBytes(StandardCharsets.UTF_8);
    List<DataBuffer> answers =
        stream
            .results(Flux.just(buffers.wrap(body)), sender, buffers)
            .collectList()
            .blockOptional(WITHIN)
            .orElseThrow();
    assertThat(answers).hasSize(3);
    assertThat(stream.lines()).isEqualTo(3);
  }

  /** No line of this test gets as far as the gateway, which would need a broker. */
  @SuppressWarnings("NullAway")
  private static CommandGateway unused() {
    return null;
  }
}
