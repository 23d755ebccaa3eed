package io.parley.journal.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Ready once every service of the process decides commands. */
@Component("commands")
final class JournalHealth implements HealthIndicator {
  private final Journals journals;

  JournalHealth(Journals journals) {
    this.journals = journals;
  }

  @Override
  public Health health() {
    boolean up = journals.all().stream().allMatch(journal -> journal.streams().isRunning());
    Health.Builder health = up ? Health.up() : Health.down();
    journals
        .all()
        .forEach(journal -> health.withDetail(journal.service().name(), journal.streams().state()));
    return health.build();
  }
}
