package io.parley.announcement.domain;

import io.parley.journal.Decision;
import io.parley.journal.References;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an announcement or a claim is about: a list of {@code KIND:ID}. Kinds that Parley keeps must
 * be on record in the negotiation; any other kind stands for itself ({@code person:}, {@code
 * topic:}, {@code document:}, …).
 */
final class About {
  /** Kinds that are texts: one of them bounds a non-mention (rule 25). */
  private static final Set<String> DOCUMENTS =
      Set.of("announcement", "proposal", "claim", "draft", "agreement", "document");

  private About() {}

  /** Refuses the first that should be on record and is not. */
  static Optional<Decision> missing(List<String> about, References references) {
    return about.stream().flatMap(reference -> missing(reference, references).stream()).findFirst();
  }

  /** Whether one of them is a document. */
  static boolean namesDocument(List<String> about) {
    return about.stream().anyMatch(reference -> DOCUMENTS.contains(kind(reference)));
  }

  private static Optional<Decision> missing(String reference, References references) {
    return switch (kind(reference)) {
      case "announcement" ->
          unless(reference, references, AnnouncementDecider.State.class, "ANNOUNCEMENT_NOT_FOUND");
      case "proposal" ->
          unless(reference, references, ProposalDecider.State.class, "PROPOSAL_NOT_FOUND");
      case "claim" -> unless(reference, references, ClaimDecider.State.class, "CLAIM_NOT_FOUND");
      case "draft" -> unless(reference, references, DraftDecider.State.class, "DRAFT_NOT_FOUND");
      case "meeting" -> unless(reference, references, KnownMeeting.class, "MEETING_NOT_FOUND");
      default -> Optional.empty();
    };
  }

  private static Optional<Decision> unless(
      String reference, References references, Class<?> type, String code) {
    return references.find(reference, type).isPresent()
        ? Optional.empty()
        : Optional.of(Decision.unknown(code, "there is no " + reference + " to be about"));
  }

  private static String kind(String reference) {
    int colon = reference.indexOf(':');
    return colon < 0 ? "" : reference.substring(0, colon);
  }
}
