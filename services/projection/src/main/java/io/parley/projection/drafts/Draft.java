package io.parley.projection.drafts;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Temporal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text and how far it came. It is an agreement only once all have signed, or its ratification is
 * recorded (rule 24).
 *
 * @param stage the furthest that it reached; SIGNED once everybody has signed who must
 * @param drafted when it was drafted, if that was said
 * @param parties who must sign it; none: every principal of the negotiation
 * @param initialled who initialled it, which is no signature
 * @param signatures who signed it
 * @param ratifications who ratified it
 * @param disclosed when it became public, null while it is not; where nobody said when: at the
 *     latest when that was recorded
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 * @param firstSequence timeline position at which it was recorded, by which lists are ordered
 * @param signedSequence timeline position of the last signature
 */
public record Draft(
    String draft,
    String title,
    Stage stage,
    @Nullable Temporal drafted,
    List<String> parties,
    List<Clause> provisions,
    List<String> initialled,
    List<String> signatures,
    List<String> ratifications,
    @Nullable Temporal disclosed,
    long sequence,
    long version,
    @Nullable Cited source,
    long firstSequence,
    @Nullable Long signedSequence) {

  /** How far a text came. Nothing on record says yet that one is in force. */
  public enum Stage {
    DRAFTED,
    DISCLOSED,
    INITIALLED,
    SIGNED,
    RATIFIED,
    IN_FORCE
  }

  /**
   * A provision: who owes what to whom, guaranteed by whom, in exchange for which others, or put
   * off to when.
   */
  public record Clause(
      String provision,
      @Nullable String obligor,
      List<String> beneficiaries,
      List<String> guarantors,
      String topic,
      String text,
      List<String> inExchangeFor,
      @Nullable String deferredTo) {}
}
