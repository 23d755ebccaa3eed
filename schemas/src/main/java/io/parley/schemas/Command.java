package io.parley.schemas;

import org.apache.avro.specific.SpecificRecord;

/**
 * A decision asked for, in the imperative. The generated records of each service implement it,
 * sealed.
 */
public interface Command extends SpecificRecord {
  /** The header: who asks, when, on what source. */
  CommandHeader header();

  /** Sets the header. */
  Command header(CommandHeader header);

  /** The aggregate that decides: {@code KIND:ID}. */
  String aggregate();

  /** The command's name, such as {@code AppointHead}. */
  default String type() {
    return getSchema().getName();
  }
}
