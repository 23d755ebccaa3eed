package io.parley.schemas.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The chain of a restricted item's own log (domain, rule 32): {@code hash = SHA-256(hash of the
 * item's event before[32] | recordedAt | length of type | type | payload)}, with recordedAt, the
 * time of the Kafka record in milliseconds since 1970, in 8 bytes, the length in 4, both
 * big-endian, the type in UTF-8, and the payload being the event's bytes without the framing. Of
 * the first the hash before is 32 zero bytes. Hashes are in lower-case hexadecimal.
 *
 * <p>The service that decides writes each event's hash beside it, as a header of its Kafka record.
 * So an item whose log was altered, cut in front or put in another order has a record whose hash is
 * another, unless all that follow were written anew; and then its head is another.
 */
public final class RestrictedChain {
  /** Header of a Kafka record that holds its event's hash: an extension of CloudEvents. */
  public static final String HEADER = "ce_chainhash";

  /** What stands before an item's first event. */
  public static final String START = "0".repeat(64);

  private RestrictedChain() {}

  /**
   * The hash of an item's next event.
   *
   * @param before hash of its event before, or {@link #START}
   * @param recordedMillis time of the Kafka record
   * @param type the event's type, which its payload does not say
   * @param framed the event's bytes as they are published
   */
  public static String next(String before, long recordedMillis, String type, byte[] framed) {
    byte[] name = type.getBytes(StandardCharsets.UTF_8);
    MessageDigest sha = Sha256.begin();
    sha.update(HexFormat.of().parseHex(before));
    sha.update(
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
            .putLong(recordedMillis)
            .putInt(name.length)
            .flip());
    sha.update(name);
    sha.update(framed, Wire.FRAMING_BYTES, framed.length - Wire.FRAMING_BYTES);
    return HexFormat.of().formatHex(sha.digest());
  }

  /**
   * The head of all restricted events of a negotiation in one topic, in the order of that topic:
   * {@code SHA-256(head before[32] | hash[32])}. With how many they are it tells whether one is
   * gone, and a whole item too.
   *
   * @param before the head before this event, or {@link #START}
   * @param hash hash of this event in its item's chain
   */
  public static String head(String before, String hash) {
    MessageDigest sha = Sha256.begin();
    sha.update(HexFormat.of().parseHex(before));
    sha.update(HexFormat.of().parseHex(hash));
    return HexFormat.of().formatHex(sha.digest());
  }
}
