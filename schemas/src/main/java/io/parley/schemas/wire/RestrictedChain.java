package io.parley.schemas.wire;

import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The chain of a restricted item's own log (domain, rule 32): {@code hash = SHA-256(hash of the
 * item's event before[32] | payload)}, the payload being the event's bytes without the framing. Of
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
   * @param framed the event's bytes as they are published
   */
  public static String next(String before, byte[] framed) {
    MessageDigest sha = Sha256.begin();
    sha.update(HexFormat.of().parseHex(before));
    sha.update(framed, Wire.FRAMING_BYTES, framed.length - Wire.FRAMING_BYTES);
    return HexFormat.of().formatHex(sha.digest());
  }
}
