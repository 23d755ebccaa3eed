package io.parley.projection.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Records that are answered, as schemas of the OpenAPI document: what may be null says so. */
final class Shapes {
  private final Map<String, Schema<?>> schemas = new ConcurrentHashMap<>();

  /** The schema of a record; what it is made of is described too. */
  Schema<?> of(Class<?> type) {
    ResolvedSchema resolved =
        ModelConverters.getInstance(true)
            .resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
    resolved.referencedSchemas.forEach(schemas::putIfAbsent);
    complete(type);
    return resolved.schema;
  }

  /** Adds what was described. */
  void addTo(Components components) {
    schemas.forEach(components::addSchemas);
  }

  private void complete(Type type) {
    if (type instanceof ParameterizedType many) {
      Stream.of(many.getActualTypeArguments()).forEach(this::complete);
    }
    if (!(type instanceof Class<?> record) || !record.isRecord()) {
      return;
    }
    Schema<?> schema = schemas.get(name(record));
    if (schema == null || schema.getRequired() != null) {
      return;
    }
    for (RecordComponent each : record.getRecordComponents()) {
      if (!each.getAccessor().isAnnotationPresent(JsonInclude.class)) {
        schema.addRequiredItem(each.getName());
      }
      if (each.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        schema.getProperties().computeIfPresent(each.getName(), (_, value) -> orNull(value));
      }
      complete(each.getGenericType());
    }
  }

  private static Schema<?> orNull(Schema<?> value) {
    if (value.get$ref() == null) {
      value.addType("null");
      return value;
    }
    Schema<?> either = new Schema<>().description(value.getDescription());
    Schema<?> nothing = new Schema<>();
    nothing.addType("null");
    either.oneOf(List.of(new Schema<>().$ref(value.get$ref()), nothing));
    return either;
  }

  private static String name(Class<?> record) {
    var named = record.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    return named != null && StringUtils.hasText(named.name())
        ? named.name()
        : record.getSimpleName();
  }
}
