package io.parley.journal.stream;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.StreamsSettings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** A write service in a process of its own, to be killed. */
final class WriterMain {
  /** The writer as it is. */
  static final String SOUND = "sound";

  /** One that commits its offsets long after its events, and not with them. */
  static final String AT_LEAST_ONCE = "at-least-once";

  private WriterMain() {}

  /** Runs until it is killed: bootstrap servers, state directory, name, partitions, kind. */
  public static void main(String[] args) throws InterruptedException {
    var settings = World.Settings.USUAL.partitions(Integer.parseInt(args[3]));
    var properties = World.properties(args[0], Path.of(args[1]), settings);
    var service = Tally.service(1);
    var decided = new JournalTopology.Settings(Brokers.at(args[0]), properties.commands());
    if (args[4].equals(SOUND)) {
      var _ = JournalStreams.start(args[2], JournalTopology.of(service, decided), properties);
    } else {
      Properties broken =
          StreamsSettings.of(
              "parley-" + args[2],
              properties.kafka().brokers(),
              properties.kafka().replicationFactor(),
              properties.stateDirectory());
      broken.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
      broken.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 3_600_000);
      Refold refold = new Refold(Brokers.at(args[0]));
      Topology topology =
          JournalTopology.of(
              service,
              decided,
              () -> new Deaf(new CommandProcessor(service, decided, refold, new CommitPace())));
      new KafkaStreams(topology, broken).start();
    }
    new CountDownLatch(1).await();
  }

  /** Does not commit when it is asked to. */
  private record Deaf(CommandProcessor processor)
      implements Processor<String, byte[], byte[], byte[]> {
    @Override
    @SuppressWarnings("unchecked") // The proxy stands for the context and for nothing else.
    public void init(ProcessorContext<byte[], byte[]> context) {
      processor.init(
          (ProcessorContext<byte[], byte[]>)
              Proxy.newProxyInstance(
                  WriterMain.class.getClassLoader(),
                  new Class<?>[] {ProcessorContext.class},
                  (proxy, method, arguments) ->
                      method.getName().equals("commit")
                          ? null
                          : method.invoke(context, arguments)));
    }

    @Override
    public void process(Record<String, byte[]> record) {
      processor.process(record);
    }
  }
}
