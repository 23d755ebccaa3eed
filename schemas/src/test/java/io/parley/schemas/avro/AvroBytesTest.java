package io.parley.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Bytes that are no Avro, or not as Avro writes them, are refused before they cost anything. */
class AvroBytesTest {
  @Property
  void numbersAreAsAvroWritesThem(@ForAll long number) throws IOException {
    assertThat(in(written(number)).number()).isEqualTo(number);
  }

  @Example
  void numbersHaveOneEncoding() {
    assertThat(in("00").number()).isZero();
    assertThat(in("feffffffffffffffff01").number()).isEqualTo(Long.MAX_VALUE);
    assertThat(in("ffffffffffffffffff01").number()).isEqualTo(Long.MIN_VALUE);
    // Bytes that add nothing, bits that a long has not, and an eleventh byte.
    for (String other :
        new String[] {
          "8000", "828000", "ffffffffffffffffff03", "ffffffffffffffffff8101", "80", ""
        }) {
      refused(other, AvroBytes::number);
    }
    refused("feffffffffffffffff01", AvroBytes::integer);
    assertThat(in("feffffff0f").integer()).isEqualTo(Integer.MAX_VALUE);
  }

  @Example
  void noLengthIsTakenAtItsWord() throws IOException {
    for (long length :
        new long[] {-1, 4, 1 << 30, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
      String three = written(length) + "616161";
      refused(three, AvroBytes::text);
      refused(three, AvroBytes::bytes);
    }
    for (long count : new long[] {4, 1 << 30, Long.MAX_VALUE, Long.MIN_VALUE}) {
      refused(written(count) + "000000", in -> in.list(in::text));
    }
    refused(written(-4) + "06000000", in -> in.list(in::text));
    AvroBytes blocks = in(written(-2) + "08" + "0261" + "0262" + "02" + "0263" + "00");
    assertThat(blocks.list(blocks::text)).containsExactly("a", "b", "c");
  }

  @Example
  void textsAreUtf8() {
    assertThat(in("06efbfbd").text()).isEqualTo("\ufffd");
    assertThat(in("08f09f9880").text()).isEqualTo("\ud83d\ude00");
    // Not begun, cut off, longer than it need be, and half of a pair.
    for (String other : new String[] {"0280", "02e2", "04c080", "06eda080", "08efbfbdff"}) {
      refused(other, AvroBytes::text);
    }
  }

  @Example
  void whatIsNoneOfThemIsRefused() {
    refused("02", AvroBytes::truth);
    refused("04", AvroBytes::isThere);
    refused("01", AvroBytes::isThere);
    refused("04", in -> in.constant(new String[] {"a", "b"}));
    refused("01", in -> in.constant(new String[] {"a", "b"}));
  }

  private static void refused(String hex, Function<AvroBytes, Object> read) {
    assertThatThrownBy(() -> read.apply(in(hex))).as(hex).isInstanceOf(AvroRuntimeException.class);
  }

  private static AvroBytes in(String hex) {
    // In a larger array: only what is given counts.
    byte[] bytes = HexFormat.of().parseHex("0202" + hex + "0000000000");
    return new AvroBytes(bytes, 2, 2 + hex.length() / 2);
  }

  private static String written(long number) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    out.writeLong(number);
    out.flush();
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
