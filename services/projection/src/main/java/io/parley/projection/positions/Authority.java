package io.parley.projection.positions;

import io.parley.projection.shape.Cited;
import io.parley.schemas.SourceRole;
import org.jspecify.annotations.Nullable;

/**
 * Who tells of a party's position, in the order that rule 28 suggests: the first weighs most. No
 * position is a primary instrument, which would come before: decrees and agreements are kept as
 * themselves.
 */
public enum Authority {
  OWN_WORDS,
  SPOKESPERSON,
  COUNTERPART,
  MEDIA;

  /** Of words that a speaker said for a party. */
  static Authority of(
      String speaker, @Nullable String onBehalfOf, String party, @Nullable Cited source) {
    if (!isQuoted(speaker, source)) {
      return MEDIA;
    }
    return speaker.equals(party)
        ? OWN_WORDS
        : party.equals(onBehalfOf) ? SPOKESPERSON : COUNTERPART;
  }

  /**
   * Whether the source has it from somebody who said it, and does not only report that it is so.
   */
  private static boolean isQuoted(String speaker, @Nullable Cited source) {
    return source != null
        && source.chain().stream()
            .anyMatch(link -> link.role() != SourceRole.PUBLISHER || speaker.equals(link.id()));
  }
}
