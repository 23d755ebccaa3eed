package io.parley.projection.audit.export;

import io.parley.schemas.TimelineEntry;

/**
 * An entry in the chain's file: sequence, recordedAt in milliseconds since 1970, type, salt,
 * digest, previousHash and hash, parted by tabs, bytes in hexadecimal; a hyphen where a salt was
 * erased.
 */
final class ChainLine {
  private static final String ERASED = "-";

  private ChainLine() {}

  static String of(TimelineEntry entry) {
    String salt = Format.hex(entry.salt());
    return String.join(
            "\t",
            Long.toString(entry.sequence()),
            Long.toString(entry.recordedAt().toEpochMilli()),
            entry.type(),
            salt.isEmpty() ? ERASED : salt,
            Format.hex(entry.digest()),
            Format.hex(entry.previousHash()),
            Format.hex(entry.hash()))
        + "\n";
  }
}
