package io.parley.projection.attendance.derivation;

import java.util.regex.Pattern;

/**
 * That somebody is somewhere.
 *
 * @param subject id of a person; for the unnamed representatives of a party, {@code party:} and its
 *     id
 * @param scope {@code country:ID}, {@code city:ID}, {@code venue:ID}, {@code meeting:ID} or {@code
 *     talks}
 */
public record Presence(String subject, String scope) {
  /** The scope that contains every meeting (rule 10). */
  public static final String TALKS = "talks";

  /** How the scope of a meeting begins. */
  public static final String MEETING = "meeting:";

  private static final String PARTY = "party:";
  private static final String SLUG = "[a-z0-9][a-z0-9-]{0,62}";
  private static final Pattern SCOPE =
      Pattern.compile(TALKS + "|(country|city|venue|meeting):" + SLUG);
  private static final Pattern PERSON = Pattern.compile(SLUG);

  /** The presence of a party's representatives, unnamed. */
  public static Presence ofParty(String party, String scope) {
    return new Presence(PARTY + party, scope);
  }

  /** Whether nobody is named. */
  public boolean isOfParty() {
    return subject.startsWith(PARTY);
  }

  /** The id of the person, or of the party whose representatives are meant. */
  public String id() {
    return isOfParty() ? subject.substring(PARTY.length()) : subject;
  }

  /**
   * Reads a scope.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static String scope(String text) {
    if (!SCOPE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "not a scope: country:ID, city:ID, venue:ID, meeting:ID or talks");
    }
    return text;
  }

  /**
   * Reads the id of a person.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static String person(String text) {
    if (!PERSON.matcher(text).matches()) {
      throw new IllegalArgumentException("not the id of a person");
    }
    return text;
  }
}
