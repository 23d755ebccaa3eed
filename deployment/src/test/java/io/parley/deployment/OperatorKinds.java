package io.parley.deployment;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operators' kinds, by the schemas of their definitions, which are beside the repository and
 * not in it. What a schema does not name is refused, as the cluster would drop it. Rules in CEL are
 * not evaluated.
 */
final class OperatorKinds {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String MORE = "additionalProperties";

  private final Map<String, Schema> schemas = new HashMap<>();

  private OperatorKinds(Path directory) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> file.toString().endsWith(".yaml"))
          .flatMap(file -> Manifests.parse(file.toString(), Manifests.text(file)).stream())
          .forEach(definition -> add(registry, definition));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The definitions in the directory that {@code PARLEY_K8S_SCHEMAS} names, if it names one. */
  static Optional<OperatorKinds> find() {
    return Optional.ofNullable(System.getenv("PARLEY_K8S_SCHEMAS"))
        .map(named -> new OperatorKinds(Path.of(named)));
  }

  /** Whether it is one of them. */
  boolean has(Resource resource) {
    return schemas.containsKey(key(resource));
  }

  /** What is wrong with one of them. */
  List<String> faults(Resource resource) {
    Schema schema = schemas.get(key(resource));
    return schema == null
        ? List.of(resource + ": there is no schema of it")
        : schema.validate(resource.json()).stream()
            .map(error -> resource + ": " + error.getInstanceLocation() + " " + error.getMessage())
            .toList();
  }

  private void add(SchemaRegistry registry, Resource definition) {
    String group = definition.spec().path("group").asString("");
    String kind = definition.spec().at("/names/kind").asString("");
    for (JsonNode version : definition.spec().path("versions")) {
      if (version.at("/schema/openAPIV3Schema") instanceof ObjectNode schema) {
        ObjectNode closed = schema.deepCopy();
        close(closed);
        closed.withObject("properties").putObject("apiVersion").put("type", "string");
        closed.withObject("properties").putObject("kind").put("type", "string");
        closed.withObject("properties").putObject("metadata").put("type", "object");
        schemas.put(
            group + "/" + version.path("name").asString("") + " " + kind,
            registry.getSchema(closed));
      }
    }
  }

  /** Says of every object that it has no other fields, and of what may be null that it may. */
  private static void close(ObjectNode schema) {
    boolean open = schema.path(PRESERVE).asBoolean(false);
    for (JsonNode property : schema.path("properties").values()) {
      closeOne(property);
    }
    closeOne(schema.path("items"));
    closeOne(schema.path(MORE));
    if (schema.path("type").asString("").equals("object") && !schema.has(MORE) && !open) {
      schema.put(MORE, false);
    }
    if (schema.path("nullable").asBoolean(false) && schema.has("type")) {
      String type = schema.path("type").asString("");
      ArrayNode types = schema.putArray("type");
      types.add(type).add("null");
    }
  }

  private static void closeOne(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      close(object);
    }
  }

  private static String key(Resource resource) {
    return resource.json().path("apiVersion").asString("") + " " + resource.kind();
  }
}
