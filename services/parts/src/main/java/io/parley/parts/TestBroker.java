package io.parley.parts;

import io.parley.embedded.EmbeddedBroker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.testcontainers.kafka.KafkaContainer;

/** A Kafka broker that stands alone, empty at its start: all that a test needs to know of it. */
public final class TestBroker implements AutoCloseable {
  private static @Nullable TestBroker shared;

  private final String bootstrapServers;
  private final Runnable end;

  private TestBroker(String bootstrapServers, Runnable end) {
    this.bootstrapServers = bootstrapServers;
    this.end = end;
  }

  /** The one of this process, which ends with it. */
  public static synchronized TestBroker shared() throws IOException {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /** One of the caller's own. */
  public static TestBroker start() throws IOException {
    return switch (Parts.chosen()) {
      case EMBEDDED -> {
        Scratch data = Scratch.make("parley-broker");
        EmbeddedBroker broker = EmbeddedBroker.start(data.directory(), 0);
        yield new TestBroker(
            broker.bootstrapServers(),
            () -> {
              broker.close();
              data.delete();
            });
      }
      case CONTAINERS -> {
        KafkaContainer broker = Containers.kafka();
        broker.start();
        yield new TestBroker(broker.getBootstrapServers(), broker::stop);
      }
    };
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Ends it; nothing of it is left. */
  @Override
  public void close() {
    end.run();
  }
}
