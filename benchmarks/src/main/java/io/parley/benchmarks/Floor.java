package io.parley.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that an exactly-once answer can cost on a broker: commands come from memory, and one
 * loop writes event and reply of all that wait in one transaction. No topic of commands, no store,
 * no decision, no HTTP.
 */
final class Floor implements Subject {
  private static final int IN_ONE_TRANSACTION = 5_000;

  private final BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final Replies replies;
  private final Thread loop;
  private volatile boolean closed;

  Floor(String bootstrapServers) {
    BenchTopics.create(bootstrapServers, "bench-floor-events", "bench-floor-replies");
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "transactional.id",
                "bench-floor",
                "linger.ms",
                0,
                "retry.backoff.ms",
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    replies = new Replies(bootstrapServers, "bench-floor-replies");
    loop = Thread.ofPlatform().name("floor").daemon().start(this::run);
  }

  @Override
  public void send(long number) throws Exception {
    var answer = replies.expect(number);
    queue.add(number);
    Replies.await(answer);
  }

  private void run() {
    List<Long> group = new ArrayList<>();
    while (!closed) {
      try {
        Long first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        group.add(first);
        queue.drainTo(group, IN_ONE_TRANSACTION - 1);
        commit(group);
        group.clear();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void commit(List<Long> group) {
    producer.beginTransaction();
    for (long number : group) {
      // A transaction that is not whole does not commit, and says why.
      var _ =
          producer.send(
              new ProducerRecord<>(
                  "bench-floor-events",
                  Payload.key(number),
                  Payload.of(number, Payload.EVENT_BYTES)));
      var _ =
          producer.send(
              new ProducerRecord<>(
                  "bench-floor-replies",
                  Replies.PARTITION,
                  Payload.key(number),
                  Payload.of(number, Payload.REPLY_BYTES)));
    }
    producer.commitTransaction();
  }

  @Override
  public void close() {
    closed = true;
    try {
      loop.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
    replies.close();
  }
}
