package io.parley.benchmarks;

/** Something that takes commands: one of the ways that are compared. */
interface Subject extends AutoCloseable {
  /**
   * Sends a command and returns once its answer is there.
   *
   * @param number different for each command of a run
   * @throws Exception where the command was refused, or no answer came in time
   */
  void send(long number) throws Exception;

  @Override
  void close();
}
