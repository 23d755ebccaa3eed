package io.parley.projection.shape;

import io.parley.schemas.Confidence;
import io.parley.schemas.Event;
import io.parley.schemas.Source;
import io.parley.schemas.SourceRole;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a fact comes from, as it was given.
 *
 * @param chain who said it, from the publisher to the one it was said for
 * @param published when the source made it public
 * @param url locator
 * @param language BCP 47 tag
 * @param confidence CONFIRMED, REPORTED or UNVERIFIED
 */
public record Cited(
    List<Link> chain,
    @Nullable Temporal published,
    @Nullable String url,
    @Nullable String language,
    Confidence confidence) {

  /** One link of the chain. */
  @Schema(name = "CitedLink")
  public record Link(String name, SourceRole role, @Nullable String id) {}

  /** The source of an event, if it has one. */
  public static @Nullable Cited of(Event event) {
    Source source = event.header().source();
    return source == null
        ? null
        : new Cited(
            source.chain().stream()
                .map(link -> new Link(link.name(), link.role(), link.id()))
                .toList(),
            Temporal.of(source.published()),
            source.url(),
            source.language(),
            source.confidence());
  }

  /** The source of an event that may have none: an editorial act leaves the one before. */
  public static @Nullable Cited of(Event event, @Nullable Cited before) {
    Cited own = of(event);
    return own == null ? before : own;
  }
}
