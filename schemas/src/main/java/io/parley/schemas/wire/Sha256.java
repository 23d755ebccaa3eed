package io.parley.schemas.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, of which a record makes three a time: asking the platform's providers costs as much. */
public final class Sha256 {
  private static final MessageDigest FRESH = fresh();

  private Sha256() {}

  /** A digest of nothing yet, for one thread. */
  public static MessageDigest begin() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      return fresh();
    }
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
