package io.parley.journal.violations;

import io.parley.schemas.schedule.Schedule;
import org.apache.avro.Schema;

/** The journal has no noun of the domain. */
public final class SeesScheduleWords {
  private SeesScheduleWords() {}

  /** Reaches into a service's language. */
  public static int commands() {
    return Schedule.COMMAND_SCHEMAS.stream().mapToInt(Schema::hashCode).sum();
  }
}
