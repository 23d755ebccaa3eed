package io.parley.journal.reading;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The brokers, and how they are spoken to. The one place from which a Kafka client of any kind has
 * its address: so none speaks without what the brokers ask of it (ADR 17).
 *
 * @param bootstrapServers HOST:PORT, several by commas
 * @param client settings that every client has, by Kafka's own names: {@code security.protocol},
 *     {@code sasl.*}, {@code ssl.*}
 */
public record Brokers(String bootstrapServers, Map<String, String> client) {
  /** Keeps a copy. */
  public Brokers {
    client = Map.copyOf(client);
  }

  /** Brokers that ask for nothing, as those on one machine do. */
  public static Brokers at(String bootstrapServers) {
    return new Brokers(bootstrapServers, Map.of());
  }

  /** The settings of a client that needs no others. */
  public Map<String, Object> settings() {
    return settings(Map.of());
  }

  /** The settings of a client with some of its own, which win over those that every client has. */
  public Map<String, Object> settings(Map<String, ?> own) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.putAll(own);
    return settings;
  }

  /** What they ask of a client is nobody's to read. */
  @Override
  public String toString() {
    return bootstrapServers;
  }
}
