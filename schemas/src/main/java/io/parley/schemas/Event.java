package io.parley.schemas;

import org.apache.avro.specific.SpecificRecord;

/**
 * A fact on record, in the past tense. The generated records of each service implement it, sealed.
 */
public interface Event extends SpecificRecord {
  /** The header: what it changes, who decided, when, on what source. */
  EventHeader header();

  /** Sets the header. */
  Event header(EventHeader header);

  /** The aggregate that it changes: {@code KIND:ID}. */
  String aggregate();

  /** The event's name, such as {@code HeadAppointed}. */
  default String type() {
    return getSchema().getName();
  }

  /** The service whose event it is, such as {@code schedule}. */
  default String service() {
    String namespace = getSchema().getNamespace();
    return namespace.substring(namespace.lastIndexOf('.') + 1);
  }
}
