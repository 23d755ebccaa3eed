package io.parley.projection.claims;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.projection.projector.Entry;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.Actor;
import io.parley.schemas.EventHeader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who says so, or otherwise.
 *
 * @param by who; null where only the source tells, and without an id
 * @param text what was said, if it was given
 * @param said when it was said, as far as that is known
 * @param sequence timeline position at which it was recorded
 * @param source where it comes from
 * @param origin where it comes from in the end, for the fold
 */
public record Voice(
    @Nullable Named by,
    @Nullable String text,
    @Nullable Temporal said,
    long sequence,
    @Nullable Cited source,
    @JsonProperty("~origin") Origin origin) {

  static Voice of(@Nullable Actor by, @Nullable String text, Entry entry) {
    Cited source = Cited.of(entry.event());
    Origin origin = Origin.of(by, source);
    Named named = Named.ofNullable(by);
    return new Voice(
        named == null && origin.id() != null ? new Named(origin.id(), null, null) : named,
        text,
        said(entry.event().header(), source),
        entry.sequence(),
        source,
        origin);
  }

  /** Among these, unless one of the same origin is: a reprint adds nothing (rule 27). */
  List<Voice> joining(List<Voice> others) {
    return others.stream().anyMatch(other -> other.origin.is(origin))
        ? others
        : Stream.concat(others.stream(), Stream.of(this)).toList();
  }

  /** Those that it does not supersede: what the same origin said earlier goes (rule 28). */
  List<Voice> remaining(List<Voice> others) {
    return others.stream().filter(other -> !other.origin.is(origin)).toList();
  }

  /** Whether one of these is of the same origin and was certainly said later. */
  boolean outdated(List<Voice> others) {
    Temporal own = said;
    return own != null
        && others.stream()
            .filter(other -> other.origin.is(origin))
            .anyMatch(other -> other.said() != null && own.isBefore(other.said()));
  }

  private static @Nullable Temporal said(EventHeader header, @Nullable Cited source) {
    Temporal asserted = Temporal.of(header.asserted());
    Temporal occurred = asserted == null ? Temporal.of(header.occurred()) : asserted;
    return occurred == null && source != null ? source.published() : occurred;
  }
}
