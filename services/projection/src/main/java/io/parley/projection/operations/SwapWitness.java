package io.parley.projection.operations;

import io.parley.projection.projector.Rebuild;
import io.parley.projection.projector.Rebuilder;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Writes it into the audit trail before a rebuild is swapped in, as who asked for it. */
@Component
final class SwapWitness implements Rebuilder.Witness {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final Trail trail;

  SwapWitness(Trail trail) {
    this.trail = trail;
  }

  @Override
  public void swapping(Rebuild rebuild) {
    trail
        .written(
            new AuditAct()
                .id(UUID.randomUUID().toString())
                .recordedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .subject(rebuild.subject())
                .act(Act.REBUILD_SWAPPED)
                .detail("rebuild " + rebuild.id()))
        .block(WITHIN);
  }
}
