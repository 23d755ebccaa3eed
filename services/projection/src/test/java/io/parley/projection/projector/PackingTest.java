package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the texts are, what is packed can be taken apart. */
class PackingTest {
  @Property
  void whatIsPackedComesApartAsItWas(@ForAll("columns") List<List<String>> columns) {
    List<List<String>> texts = columns.stream().map(PackingTest::withNulls).toList();
    Packing packing = Packing.of(List.copyOf(texts));
    for (List<String> column : texts) {
      assertThat(apart(packing, packing.packed(column))).isEqualTo(column);
    }
  }

  /** As PostgreSQL does it: from the left, the first delimiter that it finds. */
  private static List<String> apart(Packing packing, String packed) {
    List<String> texts = new ArrayList<>();
    int from = 0;
    while (true) {
      int to = packed.indexOf(packing.delimiter(), from);
      String text = packed.substring(from, to < 0 ? packed.length() : to);
      texts.add(text.equals(packing.nothing()) ? null : text);
      if (to < 0) {
        return texts;
      }
      from = to + packing.delimiter().length();
    }
  }

  private static List<String> withNulls(List<String> column) {
    return column.stream().map(text -> text.equals("null") ? null : text).toList();
  }

  @Provide
  Arbitrary<List<List<String>>> columns() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars('\u001f', '\u001e', '0', '1', 'a').ofMaxLength(6),
            Arbitraries.of("null", "", "\u001e", "\u001f0\u001e"));
    return text.list().ofMinSize(1).ofMaxSize(5).list().ofMinSize(1).ofMaxSize(3);
  }
}
