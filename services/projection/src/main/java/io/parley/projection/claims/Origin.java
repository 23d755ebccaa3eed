package io.parley.projection.claims;

import io.parley.projection.projector.Words;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Cited.Link;
import io.parley.schemas.Actor;
import io.parley.schemas.SourceRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a statement comes from in the end: the last link of its source's chain. Two that share it
 * are one source, however many printed it (rule 27).
 *
 * @param id id, where it is known
 * @param name name as the source gives it, folded ({@link Words})
 */
public record Origin(@Nullable String id, String name) {
  /**
   * The origin of a statement. A chain of publishers alone that does not name the voice reports
   * what the voice says: then it is the voice. One that names it has the voice print what another
   * says.
   */
  static Origin of(@Nullable Actor voice, @Nullable Cited source) {
    List<Link> chain = source == null ? List.of() : source.chain();
    boolean reported =
        voice != null
            && chain.stream().allMatch(link -> link.role() == SourceRole.PUBLISHER)
            && chain.stream().noneMatch(link -> of(voice).is(of(link)));
    if (voice != null && reported) {
      return of(voice);
    }
    return chain.isEmpty() ? new Origin(null, "") : of(chain.getLast());
  }

  /** Whether it is the same; nobody can say so where an id stands against another id. */
  boolean is(Origin other) {
    return (id != null && other.id != null) ? id.equals(other.id) : name.equals(other.name);
  }

  private static Origin of(Actor voice) {
    String name = voice.name();
    return new Origin(voice.id(), Words.folded(name == null ? voice.id() : name));
  }

  private static Origin of(Link link) {
    return new Origin(link.id(), Words.folded(link.name()));
  }
}
