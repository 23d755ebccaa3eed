package io.parley.journal.http;

import io.parley.schemas.temporal.Edtf;
import io.parley.schemas.temporal.EdtfException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The formats that a schema may ask of a string: each says what is wrong with it, or null. */
final class Formats {
  private static final String SLUG = "[a-z0-9][a-z0-9-]{0,62}";
  private static final Map<String, Function<String, @Nullable String>> BY_NAME =
      Map.of(
          "slug",
          matching(SLUG, "an id is 1 to 63 of a-z, 0-9 and hyphens, and begins with no hyphen"),
          "scope",
          matching(
              "talks|(country|city|venue|meeting):" + SLUG,
              "a scope is country:ID, city:ID, venue:ID, meeting:ID or talks"),
          "subject",
          matching("(meeting|leg):" + SLUG, "a subject is meeting:ID or leg:ID"),
          "reference",
          matching("[a-z][a-z-]{0,31}:" + SLUG, "a reference is KIND:ID"),
          "field",
          matching("[a-z][A-Za-z]{0,39}", "a field is named as in the command that sets it"),
          "zone",
          Formats::zone,
          "url",
          Formats::url,
          "language",
          Formats::language,
          "instant",
          Formats::instant,
          "edtf",
          Formats::edtf);

  private Formats() {}

  static @Nullable String fault(String format, String value) {
    Function<String, @Nullable String> check = BY_NAME.get(format);
    if (check == null) {
      throw new IllegalStateException("the schema asks for a format that is not known: " + format);
    }
    return check.apply(value);
  }

  private static Function<String, @Nullable String> matching(String regex, String otherwise) {
    Pattern pattern = Pattern.compile(regex);
    return value -> pattern.matcher(value).matches() ? null : otherwise;
  }

  private static @Nullable String zone(String value) {
    try {
      return ZoneId.of(value).getId().isEmpty() ? "not a zone" : null;
    } catch (DateTimeException e) {
      return "not a zone of the IANA database, nor an offset";
    }
  }

  private static @Nullable String url(String value) {
    try {
      URI url = new URI(value);
      boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      return web && url.getHost() != null ? null : "not an http or https URL";
    } catch (URISyntaxException e) {
      return "not a URL: " + e.getReason() + " at position " + e.getIndex();
    }
  }

  private static @Nullable String language(String value) {
    try {
      return new Locale.Builder().setLanguageTag(value).build().getLanguage().isEmpty()
          ? "not a language tag (BCP 47)"
          : null;
    } catch (IllformedLocaleException e) {
      return "not a language tag (BCP 47): " + e.getMessage();
    }
  }

  private static @Nullable String instant(String value) {
    try {
      return Instant.parse(value).isBefore(Instant.MAX) && value.matches("[0-9]{4}-.*")
          ? null
          : "an instant (RFC 3339) has a year of four digits";
    } catch (DateTimeException e) {
      return "not an instant (RFC 3339), such as 2025-05-15T09:00:00Z";
    }
  }

  private static @Nullable String edtf(String value) {
    try {
      return Edtf.parse(value).toString().isEmpty() ? "empty" : null;
    } catch (EdtfException e) {
      return e.getMessage();
    }
  }
}
