package io.parley.schemas.release;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What a reader of the schemas would miss: docs on types and fields, defaults on enums. */
final class Docs {
  private Docs() {}

  /**
   * One line for each record, field or enum that lacks something; the types are all named types of
   * the IDL.
   */
  static List<String> missing(Collection<Schema> types) {
    List<String> missing = new ArrayList<>();
    for (Schema type : types) {
      if (isBlank(type.getDoc())) {
        missing.add(type.getFullName() + " has no doc");
      }
      if (type.getType() == Schema.Type.ENUM && type.getEnumDefault() == null) {
        missing.add(type.getFullName() + " is an enum without a default");
      }
      if (type.getType() == Schema.Type.RECORD) {
        type.getFields().stream()
            .filter(field -> isBlank(field.doc()))
            .forEach(f -> missing.add(type.getFullName() + "." + f.name() + " has no doc"));
      }
    }
    return missing;
  }

  private static boolean isBlank(@Nullable String doc) {
    return doc == null || doc.isBlank();
  }
}
