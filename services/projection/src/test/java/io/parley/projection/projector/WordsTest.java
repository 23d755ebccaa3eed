package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What search takes for the same word. */
class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "Türkiye, turkiye",
    "İSTANBUL, istanbul",
    "Çanakkale, canakkale",
    "Łódź, lodz",
    "Reykjavík, reykjavik",
    "Kırıkkale, kirikkale",
    "Ærø, aero",
    "Straße, strasse",
    "Київ, киів",
    "日本, 日本",
    "हिन्दी, हिन्दी"
  })
  void accentsAndCapitalsDoNotCount(String text, String folded) {
    assertThat(Words.folded(text)).isEqualTo(folded);
  }

  @Test
  void whatIsFoldedStaysAsItIs() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(20, 1, 0x3100).filter(Character::isDefined).forEach(text::appendCodePoint);
      String folded = Words.folded(text.toString());
      assertThat(Words.folded(folded)).as("%s", text).isEqualTo(folded);
    }
  }
}
