package io.parley.projection;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import java.util.ArrayList;
import java.util.List;

/** What stands in the audit trail. */
final class Trailed {
  private Trailed() {}

  /** The acts of a negotiation, or, of the empty one, of no negotiation. */
  static List<String> acts(String negotiation) {
    return all(negotiation).stream().map(act -> act.act().name()).toList();
  }

  /** What they were about. */
  static List<String> details(String negotiation) {
    return all(negotiation).stream().map(act -> String.valueOf(act.detail())).toList();
  }

  private static List<AuditAct> all(String negotiation) {
    List<AuditAct> acts = new ArrayList<>();
    try (Scan scan =
        new Scan(Brokers.at(Ground.bootstrapServers()), Topics.AUDIT, 6, negotiation)) {
      for (var record = scan.next(); record != null; record = scan.next()) {
        acts.add(Wire.decode(record.value(), AuditAct.class));
        scan.pass();
      }
    }
    return acts;
  }
}
