package io.parley.projection.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorTest {
  @Test
  void isReadAsItWasWritten() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Position position = Position.beginning(1 + random.nextInt(48));
      for (int p = 0; p < position.partitions(); p++) {
        position.put(p, random.nextLong(1L << random.nextInt(1, 63)));
      }
      Cursor all = new Cursor(random.nextLong(), Scope.WHOLE, position);
      assertThat(Cursor.parse(all.toString())).isEqualTo(all);
      int partition = random.nextInt(position.partitions());
      Cursor one = Cursor.parse(new Cursor(7, new Scope(partition), position).toString());
      assertThat(one.scope()).isEqualTo(new Scope(partition));
      assertThat(one.position().of(partition)).isEqualTo(position.of(partition));
    }
  }

  @Test
  void aMangledOneIsNone() {
    String good = new Cursor(42, Scope.WHOLE, Position.beginning(6)).toString();
    for (int i = 0; i < good.length(); i++) {
      char other = good.charAt(i) == 'A' ? 'B' : 'A';
      String mangled = good.substring(0, i) + other + good.substring(i + 1);
      assertThatThrownBy(() -> Cursor.parse(mangled)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String none : new String[] {"", "A", "%%", good + "AA", good.substring(2)}) {
      assertThatThrownBy(() -> Cursor.parse(none)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
