package io.parley.journal.reading;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Requests are counted by how they ended and by nothing else. By path, method or status, those that
 * recorded something less the open record would be how much is restricted (rule 32, ADR 7); in one
 * sum with all reads, which nothing else counts, they are not. Spring Security's own numbers, which
 * tell requests apart by who asks, are not kept at all.
 */
@Component
final class RequestMetrics implements MeterFilter {
  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return id.getName().startsWith("spring.security")
        ? MeterFilterReply.DENY
        : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().startsWith("http.server.requests")) {
      return id;
    }
    List<Tag> kept = id.getTags().stream().filter(tag -> tag.getKey().equals("outcome")).toList();
    return id.replaceTags(kept);
  }
}
