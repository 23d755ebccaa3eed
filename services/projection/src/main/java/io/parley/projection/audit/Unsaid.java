package io.parley.projection.audit;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Skips;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Skips that nobody decided. A verification passes over what a view passes over, and would so over
 * any event that somebody hides by a row of {@code parley.skips}; but who skips one is in the audit
 * trail before the row is there.
 */
final class Unsaid {
  private Unsaid() {}

  /** Who said what. */
  private record Said(String subject, @Nullable String what) {}

  /**
   * The first of these that the audit trail does not know of.
   *
   * @param skips what stood there before this is asked
   */
  static Optional<Difference> first(
      ParleyProperties.Kafka kafka,
      String negotiation,
      List<Skips.Decided> skips,
      BooleanSupplier gone) {
    if (skips.isEmpty()) {
      return Optional.empty();
    }
    Set<Said> said = said(kafka, negotiation, gone);
    return skips.stream()
        .filter(each -> !said.contains(new Said(each.subject(), each.what())))
        .min(Comparator.comparingLong(Skips.Decided::sequence))
        .map(
            each ->
                new Difference(
                    "rows",
                    "parley.skips " + each.view(),
                    each.sequence(),
                    Act.EVENT_SKIPPED + " in the audit trail",
                    each.what()));
  }

  private static Set<Said> said(
      ParleyProperties.Kafka kafka, String negotiation, BooleanSupplier gone) {
    Set<Said> said = new HashSet<>();
    try (Scan scan =
        new Scan(kafka.brokers(), Topics.AUDIT, kafka.partitions(), negotiation, gone)) {
      ConsumerRecord<String, byte[]> record;
      while ((record = scan.next()) != null) {
        AuditAct act = Wire.decode(record.value(), AuditAct.class);
        if (act.act() == Act.EVENT_SKIPPED) {
          said.add(new Said(act.subject(), act.detail()));
        }
        scan.pass();
      }
    }
    return said;
  }
}
