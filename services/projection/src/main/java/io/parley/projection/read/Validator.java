package io.parley.projection.read;

import io.parley.schemas.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entity tags (RFC 9110, 8.8.3): a digest of what is answered, so that the tag is the same as long
 * as the answer is, and never the same for two answers.
 */
final class Validator {
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");
  private static final int BYTES = 15;

  private Validator() {}

  static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static String digest(byte[] bytes) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(Sha256.begin().digest(bytes), BYTES));
  }

  /** Whether a client has this already, by the weak comparison that If-None-Match asks for. */
  static boolean matches(List<String> ifNoneMatch, String tag) {
    for (String line : ifNoneMatch) {
      if (line.strip().equals("*")) {
        return true;
      }
      Matcher tags = TAG.matcher(line);
      while (tags.find()) {
        if (tag.equals(tags.group(1))) {
          return true;
        }
      }
    }
    return false;
  }
}
