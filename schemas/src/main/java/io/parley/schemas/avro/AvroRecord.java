package io.parley.schemas.avro;

import org.apache.avro.specific.SpecificRecord;

/** A record of the language, which reads its own fields. Generated from the IDL. */
public interface AvroRecord extends SpecificRecord {
  /**
   * Takes all fields, in the order of this class's own schema.
   *
   * @throws org.apache.avro.AvroRuntimeException where the bytes are no such record
   */
  void read(AvroBytes in);
}
