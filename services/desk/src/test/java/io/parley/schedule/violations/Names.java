package io.parley.schedule.violations;

/** Names that say nothing, each alone. */
public final class Names {
  private Names() {}

  /** Says nothing. */
  public static final class MeetingUtils {}

  /** Says nothing. */
  public static final class MeetingUtil {}

  /** Says nothing. */
  public static final class MeetingHelper {}

  /** Says nothing. */
  public static final class MeetingManager {}

  /** Says nothing. */
  public static final class Common {}

  /** Says nothing. */
  public static final class MeetingBase {}

  /** Says nothing. */
  public static final class AbstractMeeting {}

  /** Says nothing. */
  public static final class MeetingImpl {}
}
