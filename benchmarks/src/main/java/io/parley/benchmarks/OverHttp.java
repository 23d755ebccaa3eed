package io.parley.benchmarks;

import java.io.IOException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Ours: single commands over kept-alive HTTP connections, one command on each at a time. */
final class OverHttp implements Subject {
  private final Commands commands;
  private final String run;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

  /**
   * For one run.
   *
   * @param run goes into every id, so that no two runs record the same
   */
  OverHttp(Commands commands, String run) {
    this.commands = commands;
    this.run = run;
  }

  @Override
  public void send(long number) throws IOException {
    record(Commands.stay(run, number));
  }

  /** Sends any command; it must be recorded. */
  Connection.Response record(String command) throws IOException {
    Connection.Response response = exchange(commands.post(command));
    if (response.status() != 201) {
      throw new IOException(response.status() + " " + response.body());
    }
    return response;
  }

  Connection.Response exchange(byte[] request) throws IOException {
    Connection connection = idle.pollFirst();
    if (connection == null) {
      connection = new Connection(commands.root());
    }
    try {
      Connection.Response response = connection.exchange(request);
      idle.addFirst(connection);
      return response;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() {
    for (Connection connection : idle) {
      try {
        connection.close();
      } catch (IOException e) {
        // The run is over.
      }
    }
  }
}
