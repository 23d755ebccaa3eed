package io.parley.projection.shape;

import io.parley.schemas.EventHeader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of some classes wherever they stand in an event, outside its header. Which
 * fields can have one is found once for each class: most have none, and are not looked at.
 */
public final class Parts {
  private final Set<String> sought;
  private final ClassValue<int[]> fields =
      new ClassValue<>() {
        @Override
        protected int[] computeValue(Class<?> type) {
          return SpecificData.get().getSchema(type).getFields().stream()
              .filter(field -> holds(field.schema(), new HashSet<>()))
              .mapToInt(Schema.Field::pos)
              .toArray();
        }
      };

  private Parts(Set<String> sought) {
    this.sought = sought;
  }

  /** Those of these classes. */
  public static Parts of(List<Class<? extends SpecificRecord>> classes) {
    return new Parts(classes.stream().map(Class::getName).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Gives on what stands in a value, in its order; not what stands in one that was given on.
   *
   * @param value an event, or a value of one
   */
  public void in(@Nullable Object value, Consumer<SpecificRecord> found) {
    switch (value) {
      case SpecificRecord record when sought.contains(record.getClass().getName()) ->
          found.accept(record);
      case SpecificRecord record -> inside(record, found);
      case List<?> list -> list.forEach(each -> in(each, found));
      case null, default -> {}
    }
  }

  /** The same of what stands in the fields of a record, whatever that is. */
  public void inside(SpecificRecord record, Consumer<SpecificRecord> found) {
    for (int field : fields.get(record.getClass())) {
      in(record.get(field), found);
    }
  }

  private boolean holds(Schema schema, Set<String> around) {
    return switch (schema.getType()) {
      case RECORD ->
          !schema.getFullName().equals(EventHeader.SCHEMA$.getFullName())
              && (sought.contains(schema.getFullName())
                  || (around.add(schema.getFullName())
                      && schema.getFields().stream()
                          .anyMatch(field -> holds(field.schema(), around))));
      case ARRAY -> holds(schema.getElementType(), around);
      case MAP -> holds(schema.getValueType(), around);
      case UNION -> schema.getTypes().stream().anyMatch(each -> holds(each, around));
      case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> false;
    };
  }
}
