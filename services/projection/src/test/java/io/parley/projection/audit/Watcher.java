package io.parley.projection.audit;

import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Somebody who asks for a verification, past HTTP: once he has left, it knows. */
public final class Watcher {
  private final Disposable asking;

  private Watcher(Disposable asking) {
    this.asking = asking;
  }

  /** Asks, and waits for nothing. */
  public static Watcher of(ConfigurableApplicationContext service, String negotiation) {
    return new Watcher(asked(service, negotiation).flatMapMany(Flux::from).subscribe());
  }

  /** Asks, and takes no line of the answer: as a connection that is closed before it is sent. */
  public static Watcher deaf(ConfigurableApplicationContext service, String negotiation) {
    return new Watcher(asked(service, negotiation).subscribe());
  }

  private static Mono<Flux<Map<String, Object>>> asked(
      ConfigurableApplicationContext service, String negotiation) {
    AuditAct act =
        new AuditAct()
            .id("watched-" + negotiation)
            .recordedAt(Instant.EPOCH)
            .subject("tester")
            .act(Act.VERIFIED)
            .negotiation(negotiation);
    return service.getBean(Runs.class).run(act, Set.of("ab".repeat(32)));
  }

  /** Goes away. */
  public void leave() {
    asking.dispose();
  }
}
