package io.parley.projection.projector;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is not applied: by one view in one negotiation (ADR 8), or, where the log itself is
 * faulty, by none.
 *
 * @param id opaque; of just this entry and whom it stops
 * @param projection which projection
 * @param view table of the view that stands still; null where the whole partition does
 * @param sequence position on the negotiation's timeline; null where the log is faulty
 * @param partition partition of {@code parley.timeline}
 * @param offset offset of the record; while a view catches up, from where it reads on
 * @param reason why it is not applied
 * @param attempts how often it was tried; 0 while the view catches up
 * @param since when it first stood still there
 * @param behind entries of the negotiation that the view has not; null where that is not known
 */
public record DeadLetter(
    String id,
    String projection,
    @Nullable String view,
    @Nullable String negotiation,
    @Nullable Long sequence,
    int partition,
    long offset,
    @Nullable String type,
    @Nullable String aggregate,
    String reason,
    long attempts,
    Instant since,
    @Nullable Long behind) {
  private static final String RECORDS = "records";
  private static final Pattern OF_VIEW =
      Pattern.compile("v ([a-z_]{1,60}) ([a-z0-9][a-z0-9-]{0,62}) ([1-9][0-9]{0,17})");
  private static final Pattern OF_PARTITION = Pattern.compile("p ([0-9]{1,4}) ([0-9]{1,18})");

  /** What an id names. */
  public sealed interface Named {
    /** The id that says so. */
    String id();
  }

  /** A view that stands still in a negotiation, at an entry. */
  record OfView(String view, String negotiation, long sequence) implements Named {
    @Override
    public String id() {
      return encoded("v " + view + " " + negotiation + " " + sequence);
    }

    Halt.Key key() {
      return new Halt.Key(view, negotiation);
    }
  }

  /** A partition that stands before a record. */
  record OfPartition(int partition, long offset) implements Named {
    @Override
    public String id() {
      return encoded("p " + partition + " " + offset);
    }
  }

  /** Whether the log itself is faulty there. */
  public boolean ofTheLog() {
    return view == null;
  }

  /** What it is, for a person and for the audit trail. */
  public String what() {
    return view == null || sequence == null
        ? "partition " + partition + " at offset " + offset
        : what(view, sequence, type, aggregate);
  }

  /**
   * The same of an entry that a view does not take. Skips are found in the audit trail by it, so it
   * stays as it is.
   */
  static String what(
      String view, long sequence, @Nullable String type, @Nullable String aggregate) {
    return view + " at " + sequence + ": " + type + " of " + aggregate;
  }

  /** What it is, and why it is to be passed over. */
  public static String what(String what, String reason) {
    return what + "; " + reason;
  }

  /** What an id names, or nothing where it is none. */
  static Optional<Named> named(String id) {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    Matcher view = OF_VIEW.matcher(text);
    if (view.matches()) {
      return Optional.of(new OfView(view.group(1), view.group(2), Long.parseLong(view.group(3))));
    }
    Matcher partition = OF_PARTITION.matcher(text);
    if (partition.matches()) {
      return Optional.of(
          new OfPartition(
              Integer.parseInt(partition.group(1)), Long.parseLong(partition.group(2))));
    }
    return Optional.empty();
  }

  static DeadLetter of(Halt halt) {
    return new DeadLetter(
        new OfView(halt.view(), halt.negotiation(), halt.sequence()).id(),
        RECORDS,
        halt.view(),
        halt.negotiation(),
        halt.sequence(),
        halt.partition(),
        halt.offset(),
        halt.type(),
        halt.aggregate(),
        halt.reason(),
        halt.attempts(),
        halt.since(),
        halt.behind());
  }

  static DeadLetter of(int partition, long offset, String reason, long attempts, Instant since) {
    return new DeadLetter(
        new OfPartition(partition, offset).id(),
        RECORDS,
        null,
        null,
        null,
        partition,
        offset,
        null,
        null,
        reason,
        attempts,
        since,
        null);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
