package io.parley.projection.projector;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Text as search compares it: small letters, without accents, the same for what is looked in and
 * what is looked for. Here and not by PostgreSQL's {@code unaccent}: rows must not depend on which
 * extensions a database has.
 */
public final class Words {
  /** Combining marks of European scripts; those of others are parts of their letters. */
  private static final Pattern ACCENTS = Pattern.compile("[\\u0300-\\u036f]+");

  private Words() {}

  /** The text, folded: Türkiye and TURKIYE are one, Łódź and Lodz too. */
  public static String folded(String text) {
    if (text.chars().allMatch(each -> each < 0x80)) {
      return text.toLowerCase(Locale.ROOT);
    }
    String bare = ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
    StringBuilder folded = new StringBuilder(bare.length());
    String small = Normalizer.normalize(bare, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    for (int i = 0; i < small.length(); i++) {
      // Letters that are no base letter with a mark, but are written as one where marks are not at
      // hand.
      switch (small.charAt(i)) {
        case 'ı' -> folded.append('i');
        case 'ł' -> folded.append('l');
        case 'ø' -> folded.append('o');
        case 'đ', 'ð' -> folded.append('d');
        case 'þ' -> folded.append("th");
        case 'ß' -> folded.append("ss");
        case 'æ' -> folded.append("ae");
        case 'œ' -> folded.append("oe");
        default -> folded.append(small.charAt(i));
      }
    }
    return ACCENTS.matcher(folded).replaceAll("");
  }
}
