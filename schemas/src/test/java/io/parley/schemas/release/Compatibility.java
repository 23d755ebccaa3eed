package io.parley.schemas.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * Whether two versions of a record read each other's data, and read it as what it was. Avro answers
 * the first (FULL compatibility); it lets pass a lost field, a lost symbol, another logical type,
 * and text turned into bytes, which keep data readable and change what it says.
 */
final class Compatibility {
  private Compatibility() {}

  /** One line for each field that stands in the way. */
  static List<String> problems(Schema released, Schema current) {
    List<String> problems = new ArrayList<>();
    check("today's schema cannot read released data", current, released, problems);
    check("the released schema cannot read today's data", released, current, problems);
    changes(released, current, released.getName(), new HashSet<>(), problems);
    return problems;
  }

  private static void check(String what, Schema reader, Schema writer, List<String> problems) {
    for (Incompatibility i :
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
            .getResult()
            .getIncompatibilities()) {
      problems.add(
          "%s: %s at %s (%s)"
              .formatted(what, i.getType(), place(reader, i.getLocation()), i.getMessage()));
    }
  }

  /** Avro names the place by position (/fields/2/type/1); people know it by name. */
  private static String place(Schema schema, String location) {
    StringBuilder place = new StringBuilder(schema.getName());
    Schema at = schema;
    String[] steps = location.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      if (steps[i].equals("fields") && i + 1 < steps.length) {
        Schema.Field field = at.getFields().get(Integer.parseInt(steps[++i]));
        place.append('.').append(field.name());
        at = field.schema();
      } else if (steps[i].equals("items")) {
        at = at.getElementType();
      } else if (steps[i].equals("values")) {
        at = at.getValueType();
      } else if (at.isUnion()
          && !steps[i].isEmpty()
          && steps[i].chars().allMatch(Character::isDigit)) {
        at = at.getTypes().get(Integer.parseInt(steps[i]));
      }
    }
    return place.toString();
  }

  private static void changes(
      Schema released, Schema current, String path, Set<String> seen, List<String> problems) {
    if (released.isUnion() || current.isUnion()) {
      for (Schema branch : branches(released)) {
        for (Schema other : branches(current)) {
          if (branch.getType() == other.getType()
              && (!named(branch) || branch.getFullName().equals(other.getFullName()))) {
            changes(branch, other, path, seen, problems);
          }
        }
      }
      if (branches(released).stream().noneMatch(b -> overlaps(b, current))) {
        problems.add(path + " was " + kind(released) + " and is " + kind(current));
      }
      return;
    }
    if (released.getType() != current.getType()
        || !Objects.equals(logical(released), logical(current))) {
      problems.add(path + " was " + kind(released) + " and is " + kind(current));
      return;
    }
    switch (released.getType()) {
      case RECORD -> {
        if (seen.add(released.getFullName())) {
          fields(released, current, path, seen, problems);
        }
      }
      case ENUM ->
          released.getEnumSymbols().stream()
              .filter(symbol -> !current.hasEnumSymbol(symbol))
              .forEach(symbol -> problems.add(path + " has lost the symbol " + symbol));
      case ARRAY ->
          changes(released.getElementType(), current.getElementType(), path, seen, problems);
      case MAP -> changes(released.getValueType(), current.getValueType(), path, seen, problems);
      default -> {}
    }
  }

  private static void fields(
      Schema released, Schema current, String path, Set<String> seen, List<String> problems) {
    for (Schema.Field field : released.getFields()) {
      Schema.Field today = current.getField(field.name());
      String at = path + "." + field.name();
      if (today == null) {
        problems.add(at + " was removed");
      } else {
        changes(field.schema(), today.schema(), at, seen, problems);
      }
    }
  }

  private static boolean overlaps(Schema branch, Schema current) {
    return branches(current).stream().anyMatch(other -> branch.getType() == other.getType());
  }

  private static List<Schema> branches(Schema schema) {
    return (schema.isUnion() ? schema.getTypes() : List.of(schema))
        .stream().filter(b -> b.getType() != Schema.Type.NULL).toList();
  }

  private static boolean named(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> true;
      default -> false;
    };
  }

  private static String logical(Schema schema) {
    return Objects.toString(schema.getObjectProp("logicalType"), "");
  }

  private static String kind(Schema schema) {
    return schema.getType().getName() + (logical(schema).isEmpty() ? "" : " " + logical(schema));
  }
}
