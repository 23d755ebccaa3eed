package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Command;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is parked comes back as it was, with its trace, also what an earlier build has parked. */
class WaitingTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final ReplyAddress ADDRESS = new ReplyAddress(3, 4);

  @Test
  void aParkedCommandKeepsItsTrace() {
    Waiting waiting = new Waiting(7, 8, ADDRESS, command(), Traces.parse(TRACE));
    Waiting read = Waiting.read(7, waiting.write());
    assertThat(Traces.text(read.trace())).isEqualTo(TRACE);
    assertThat(Wire.encode(read.command())).isEqualTo(Wire.encode(waiting.command()));
    assertThat(read.replyTo()).isEqualTo(ADDRESS);
    assertThat(read.arrivedMillis()).isEqualTo(8);
  }

  @Test
  void withoutATraceItIsAsAnEarlierBuildWroteIt() {
    Waiting waiting = new Waiting(7, 8, ADDRESS, command(), SpanContext.getInvalid());
    byte[] framed = Wire.encode(waiting.command());
    byte[] earlier =
        ByteBuffer.allocate(Long.BYTES + ADDRESS.bytes().length + framed.length)
            .putLong(8)
            .put(ADDRESS.bytes())
            .put(framed)
            .array();
    assertThat(waiting.write()).isEqualTo(earlier);
    Waiting read = Waiting.read(7, earlier);
    assertThat(Wire.encode(read.command())).isEqualTo(Wire.encode(waiting.command()));
    assertThat(read.trace().isValid()).isFalse();
  }

  @Test
  void whatIsNoTraceIsNone() {
    assertThat(Traces.parse("").isValid()).isFalse();
    assertThat(Traces.parse("00-nonsense").isValid()).isFalse();
    assertThat(Traces.text(Traces.NONE)).isEmpty();
  }

  private static Command command() {
    return Commands.add("n", "p");
  }
}
