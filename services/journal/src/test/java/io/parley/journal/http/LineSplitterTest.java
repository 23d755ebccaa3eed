package io.parley.journal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/** Lines are cut alike wherever the network cuts the bytes. */
class LineSplitterTest {
  private static final int MAX = 10;

  @Test
  void aLineTooLongInTheMiddleIsToldAsSuchAndTheNextOneIsWhole() {
    assertThat(lines(List.of("a\n" + "x".repeat(25) + "\nb\n", "c")))
        .containsExactly("1:a", "2:too long", "3:b", "4:c");
    assertThat(lines(List.of("xxxxx", "xxxxxx", "x\nb", "\n")))
        .containsExactly("1:too long", "2:b");
    assertThat(lines(List.of("0123456789\n0123456789a")))
        .containsExactly("1:0123456789", "2:too long");
  }

  @Test
  void emptyLinesCountButAreNotHandedOn() {
    assertThat(lines(List.of("\n \t\r\na\r\n\n\nb"))).containsExactly("3:a\r", "6:b");
    assertThat(lines(List.of(""))).isEmpty();
    assertThat(lines(List.of("a\n"))).containsExactly("1:a");
  }

  @Property(tries = 500)
  void whereTheBytesAreCutMakesNoDifference(
      @ForAll @Size(max = 8)
          List<@StringLength(max = 14) @CharRange(from = 'a', to = 'c') String> all,
      @ForAll @IntRange(min = 1, max = 9) int every) {
    String text = String.join("\n", all);
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < text.length(); i += every) {
      pieces.add(text.substring(i, Math.min(text.length(), i + every)));
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isEmpty()) {
        expected.add((i + 1) + ":" + (all.get(i).length() > MAX ? "too long" : all.get(i)));
      }
    }
    assertThat(lines(pieces)).isEqualTo(expected);
  }

  private static List<String> lines(List<String> pieces) {
    LineSplitter splitter = new LineSplitter(MAX);
    List<LineSplitter.Line> lines = new ArrayList<>();
    for (String piece : pieces) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      lines.addAll(splitter.feed(DefaultDataBufferFactory.sharedInstance.wrap(bytes)));
    }
    lines.addAll(splitter.rest());
    return lines.stream()
        .map(
            line ->
                line.number()
                    + ":"
                    + (line.tooLong()
                        ? "too long"
                        : new String(line.bytes(), StandardCharsets.UTF_8)))
        .toList();
  }
}
