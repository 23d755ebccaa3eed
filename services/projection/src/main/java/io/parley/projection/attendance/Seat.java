package io.parley.projection.attendance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.projection.attendance.derivation.Derived;
import io.parley.projection.shape.Cited;
import io.parley.schemas.delegation.AttendanceStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One person in a room, or the unnamed representatives of one party, as they are answered. What was
 * said, what follows and what was seen stand side by side, and none replaces another (rule 15).
 *
 * @param person id; null for representatives of a party, unnamed
 * @param name name of the person, or of the party
 * @param party party, as far as it is known
 * @param membership whether the person is on the party's delegation (rule 7)
 * @param stated what was said of exactly this scope; null: nothing
 * @param alsoStated what other speakers said of it
 * @param derived what follows
 * @param actual PRESENT or ABSENT; null: nothing was seen
 * @param disputed true where the facts support both sides (rule 9)
 * @param because the chain of facts, the nearest first
 * @param becauseCut true where farther facts of the chain are left out
 * @param sequence the newest of these facts; null: there is none
 * @param version version of the aggregate that holds what was said and seen, for {@code If-Match}
 */
record Seat(
    @Nullable String person,
    String name,
    @Nullable String party,
    Room.Membership membership,
    @Nullable Said stated,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Said> alsoStated,
    Derived derived,
    @Nullable Actual actual,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean disputed,
    List<Link> because,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean becauseCut,
    @Nullable Long sequence,
    @Nullable Long version) {

  /** What was seen. */
  enum Actual {
    PRESENT,
    ABSENT
  }

  /** What was said, and by what event. */
  record Said(AttendanceStatus status, @Nullable Long sequence, @Nullable Cited source) {}

  /** A fact of the chain: its event, and in words. */
  record Link(@Nullable Long sequence, String type, String text, @Nullable Cited source) {}
}
