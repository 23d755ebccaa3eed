package io.parley.journal.reading;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/**
 * Settings that every service has.
 *
 * @param kafka the broker and its topics
 * @param stateDirectory where Kafka Streams keeps its stores; on a volume of its own in production
 * @param standbys copies of each store that other instances keep warm, so that one of them takes
 *     over at once, 0 to 3
 * @param commands the way of a command
 * @param security who is believed
 */
@ConfigurationProperties("parley")
public record ParleyProperties(
    @DefaultValue Kafka kafka,
    @DefaultValue(".data/streams") Path stateDirectory,
    @DefaultValue("0") int standbys,
    @DefaultValue Commands commands,
    @DefaultValue Security security) {

  /** Refuses what is out of range. */
  public ParleyProperties {
    require(standbys >= 0 && standbys <= 3, "standbys", standbys);
  }

  /**
   * The broker and its topics.
   *
   * @param bootstrapServers HOST:PORT, several by commas
   * @param partitions partitions of every topic, 1 to 1,000; chosen once, never changed (ADR 1)
   * @param replicationFactor copies of every topic, 1 to the number of brokers
   * @param topics {@code CREATE} makes those that are missing; {@code EXPECT} makes none, for
   *     services that may not, and does not start where one is missing; {@code ASSUME} asks
   *     nothing, for a start without brokers, as when an image is made
   * @param client settings of every Kafka client, by Kafka's own names: {@code security.protocol},
   *     {@code sasl.mechanism}, {@code sasl.jaas.config}, {@code ssl.truststore.location} and so on
   */
  public record Kafka(
      @DefaultValue("127.0.0.1:9092") String bootstrapServers,
      @DefaultValue("6") int partitions,
      @DefaultValue("1") short replicationFactor,
      @DefaultValue("CREATE") Missing topics,
      @DefaultValue Map<String, String> client) {

    /** What is done about topics that are missing. */
    public enum Missing {
      /** They are made. */
      CREATE,
      /** The start fails. */
      EXPECT,
      /** Nobody looks. */
      ASSUME
    }

    /** Refuses what is out of range. */
    @ConstructorBinding
    public Kafka {
      require(partitions >= 1 && partitions <= 1_000, "kafka.partitions", partitions);
      require(replicationFactor >= 1, "kafka.replication-factor", replicationFactor);
      client = Map.copyOf(client);
    }

    /** One broker or several that ask for nothing; missing topics are made. */
    public Kafka(String bootstrapServers, int partitions, short replicationFactor) {
      this(bootstrapServers, partitions, replicationFactor, Missing.CREATE, Map.of());
    }

    /** What every Kafka client is made with. */
    public Brokers brokers() {
      return new Brokers(bootstrapServers, client);
    }
  }

  /**
   * The way of a command.
   *
   * @param timeout how long an answer is waited for before 504, 1 s to 60 s
   * @param sendTimeout how long a send is tried, shorter than the timeout
   * @param pending commands of one instance and service on their way at once, 1 to 100,000; more
   *     are 503
   * @param inStream commands of one NDJSON stream on their way at once, 1 to 10,000
   * @param parked commands of one partition that wait for their tokens, 1 to 100,000; more are 503
   * @param parkedFor how long a command waits for its tokens, shorter than the timeout
   * @param remembered how long an idempotency key is remembered, at least 0 s
   * @param replyPartition partition of the replies topic that is this instance's own, at least 0;
   *     below kafka.partitions
   */
  public record Commands(
      @DefaultValue("10s") Duration timeout,
      @DefaultValue("8s") Duration sendTimeout,
      @DefaultValue("10000") int pending,
      @DefaultValue("250") int inStream,
      @DefaultValue("1000") int parked,
      @DefaultValue("5s") Duration parkedFor,
      @DefaultValue("24h") Duration remembered,
      @DefaultValue("0") int replyPartition) {

    /** Refuses what is out of range. */
    public Commands {
      require(
          timeout.toMillis() >= 1_000 && timeout.toMillis() <= 60_000, "commands.timeout", timeout);
      require(sendTimeout.compareTo(timeout) < 0, "commands.send-timeout", sendTimeout);
      require(pending >= 1 && pending <= 100_000, "commands.pending", pending);
      require(inStream >= 1 && inStream <= 10_000, "commands.in-stream", inStream);
      require(parked >= 1 && parked <= 100_000, "commands.parked", parked);
      require(parkedFor.compareTo(timeout) < 0, "commands.parked-for", parkedFor);
      require(!remembered.isNegative(), "commands.remembered", remembered);
      require(replyPartition >= 0, "commands.reply-partition", replyPartition);
    }
  }

  /**
   * Who is believed.
   *
   * @param keys file with the JSON Web Key Set (RFC 7517) whose keys sign tokens; with neither this
   *     nor an address below nobody is believed
   * @param jwkSetUri address of the key set of the issuer, https or on loopback; instead of a file
   * @param issuerUri address of the issuer, https or on loopback: its metadata (OpenID Connect
   *     Discovery) say where its key set is, and {@code iss} must be this address; instead of both
   * @param issuer {@code iss} that a token must have
   * @param audience {@code aud} that a token must have
   * @param algorithms signatures that are believed (RFC 7518), several by commas; {@code none} and
   *     shared secrets never are
   * @param clockSkew how far the clocks of issuer and service may differ, 0 s to 300 s
   */
  public record Security(
      @Nullable Path keys,
      @Nullable URI jwkSetUri,
      @Nullable URI issuerUri,
      @DefaultValue("parley-desk") String issuer,
      @DefaultValue("parley") String audience,
      @DefaultValue("ES256,RS256") Set<SignatureAlgorithm> algorithms,
      @DefaultValue("30s") Duration clockSkew) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** Refuses what is out of range, and what would believe too much. */
    public Security {
      algorithms = Set.copyOf(algorithms);
      require(!issuer.isBlank(), "security.issuer", "empty");
      require(!audience.isBlank(), "security.audience", "empty");
      require(!algorithms.isEmpty(), "security.algorithms", "empty");
      require(
          !clockSkew.isNegative() && clockSkew.toMillis() <= 300_000,
          "security.clock-skew",
          clockSkew);
      require(
          Stream.of(keys, jwkSetUri, issuerUri).filter(Objects::nonNull).count() <= 1,
          "security.keys, .jwk-set-uri and .issuer-uri",
          "given together: one of them says whose keys are believed");
      requireSafe(jwkSetUri, "security.jwk-set-uri");
      requireSafe(issuerUri, "security.issuer-uri");
    }

    /** {@code iss} that a token must have, wherever the keys come from. */
    public String expectedIssuer() {
      return issuerUri == null ? issuer : issuerUri.toString();
    }

    /** Keys that come over an open wire are whoever's who stands on it. */
    static boolean isSafe(URI address) {
      return "https".equals(address.getScheme())
          || ("http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost()));
    }

    private static void requireSafe(@Nullable URI address, String name) {
      require(address == null || isSafe(address), name, String.valueOf(address));
    }
  }

  private static void require(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException("parley." + name + " cannot be " + value);
    }
  }
}
