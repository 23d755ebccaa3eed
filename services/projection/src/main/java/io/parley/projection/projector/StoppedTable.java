package io.parley.projection.projector;

import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The partitions that stand before a faulty record of the log, so that every instance can tell.
 * What is before a partition's position is over.
 */
@Component
final class StoppedTable {
  private final Database database;

  StoppedTable(Database database) {
    this.database = database;
  }

  /** A partition stands there: for the first time, or it was tried again. */
  void stand(int partition, long offset, String reason) {
    database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "insert into {schema}.stopped as s (partition, record_offset, reason)"
                            + " values ($1, $2, $3) on conflict (partition) do update set"
                            + " reason = excluded.reason, record_offset = excluded.record_offset,"
                            + " attempts = case when s.record_offset = excluded.record_offset"
                            + " then s.attempts + 1 else 1 end,"
                            + " since = case when s.record_offset = excluded.record_offset"
                            + " then s.since else excluded.since end",
                        List.of(partition, offset, reason))
                    .thenReturn(true))
        .block();
  }
}
