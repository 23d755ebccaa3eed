package io.parley.journal.spring;

import java.util.List;
import org.springframework.context.SmartLifecycle;

/** The journals of a process: one where services run apart, three on one machine. */
public final class Journals implements SmartLifecycle {
  private final List<Journal> all;
  private volatile boolean running = true;

  Journals(List<Journal> all) {
    this.all = all;
  }

  /** Each of them. */
  public List<Journal> all() {
    return all;
  }

  @Override
  public void start() {
    // Each was started when it was made: a service that cannot start must not come up.
  }

  @Override
  public void stop() {
    running = false;
    all.parallelStream().forEach(Journal::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Stopped after the web server, whose phase is higher, so that requests under way get their
   * answers.
   */
  @Override
  public int getPhase() {
    return 0;
  }
}
