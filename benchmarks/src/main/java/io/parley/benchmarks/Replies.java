package io.parley.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads answers, once committed, from one partition by assignment, as our gateway does. */
final class Replies implements AutoCloseable {
  static final int PARTITION = 0;
  private static final long ANSWER_WITHIN_SECONDS = 30;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Long, CompletableFuture<Boolean>> pending = new ConcurrentHashMap<>();
  private final Thread reader;
  private volatile boolean closed;

  Replies(String bootstrapServers, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "latest",
                "max.poll.records",
                5_000,
                "retry.backoff.ms",
                5),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition own = new TopicPartition(topic, PARTITION);
    consumer.assign(List.of(own));
    consumer.seekToEnd(List.of(own));
    consumer.position(own);
    reader = Thread.ofPlatform().name(topic).daemon().start(this::read);
  }

  /** To be called before the command is on its way. */
  CompletableFuture<Boolean> expect(long number) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    pending.put(number, answer);
    return answer;
  }

  /** Waits for the answer. */
  static void await(CompletableFuture<Boolean> answer) throws Exception {
    answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  private void read() {
    try {
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(500))
            .forEach(
                record -> {
                  CompletableFuture<Boolean> waiting =
                      pending.remove(Payload.number(record.value()));
                  if (waiting != null) {
                    waiting.complete(true);
                  }
                });
      }
    } catch (WakeupException e) {
      // Woken up to end.
    } finally {
      consumer.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
