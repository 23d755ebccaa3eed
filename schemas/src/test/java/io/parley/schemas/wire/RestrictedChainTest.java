package io.parley.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an item's chain binds. */
class RestrictedChainTest {
  private static final byte[] FRAMED = {0, 1, 2, 3, 4, 42, 43};

  /** Types may have the same fields: an embargo that was set, and one that ended. */
  @Test
  void rule32_aHashIsOfAllThatIsRecordedOfAnEvent() {
    String hash = RestrictedChain.next(RestrictedChain.START, 1000, "EmbargoSet", FRAMED);
    String second = RestrictedChain.next(hash, 1000, "EmbargoSet", FRAMED);
    byte[] other = FRAMED.clone();
    other[6]++;
    assertThat(
            Set.of(
                hash,
                second,
                RestrictedChain.next(RestrictedChain.START, 1001, "EmbargoSet", FRAMED),
                RestrictedChain.next(RestrictedChain.START, 1000, "EmbargoEnded", FRAMED),
                RestrictedChain.next(RestrictedChain.START, 1000, "EmbargoSet", other),
                RestrictedChain.head(RestrictedChain.START, hash),
                RestrictedChain.head(hash, hash)))
        .hasSize(7)
        .allMatch(each -> each.matches("[0-9a-f]{64}"));
  }

  /** Made without this code: whoever checks one by hand must come to the same. */
  @Test
  void aHashIsWhatTheDocumentationSays() {
    assertThat(RestrictedChain.next(RestrictedChain.START, 1000, "EmbargoSet", FRAMED))
        .isEqualTo("84acef729dc83dc69beeb72b5ee0aa858dfd636275394be3d7d4ab66fecba01a");
  }
}
