package io.parley.projection.read;

import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the answer of rows: puts in the names as they were at the moment that is asked for, and
 * leaves out what is for the fold alone.
 */
@Component
public final class Display {
  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String OFFICE = "office";

  private final Database database;

  Display(Database database) {
    this.database = database;
  }

  /** The items of these rows. */
  public Mono<List<JsonNode>> items(Moment moment, List<String> bodies) {
    List<JsonNode> items = bodies.stream().map(Bodies.JSON::readTree).toList();
    Map<String, Naming> own = new HashMap<>();
    items.forEach(item -> own(item, own));
    Set<String> ids = new LinkedHashSet<>();
    items.forEach(item -> prepare(item, ids));
    if (ids.isEmpty()) {
      return Mono.just(items);
    }
    Select select =
        Select.items("names", moment).where("t.id = any(?)", ids.toArray(new String[0]));
    return database
        .query(
            select.sql("t.body", ids.size()),
            row -> Bodies.JSON.readValue(row.get(1, String.class), Naming.class),
            select.values())
        .collect(HashMap<String, Naming>::new, (names, naming) -> names.put(naming.id(), naming))
        .map(
            names -> {
              // The open record's names go before those that only a restricted item gives.
              own.putAll(names);
              items.forEach(item -> name(item, own));
              return items;
            });
  }

  /** Names that a restricted item brings along, in {@code ~names}. */
  private static void own(JsonNode item, Map<String, Naming> names) {
    item.path("~names")
        .forEach(
            node -> {
              Naming naming = Bodies.JSON.treeToValue(node, Naming.class);
              names.put(naming.id(), naming);
            });
  }

  private static void prepare(JsonNode node, Set<String> ids) {
    if (node instanceof ObjectNode object) {
      object.propertyNames().stream()
          .filter(name -> name.startsWith("~"))
          .toList()
          .forEach(object::remove);
      if (isNamed(object)) {
        ids.add(object.get(ID).asString());
      }
    }
    eachInside(node, inner -> prepare(inner, ids));
  }

  private static void name(JsonNode node, Map<String, Naming> names) {
    if (node instanceof ObjectNode object && isNamed(object)) {
      String id = object.get(ID).asString();
      Naming naming = names.get(id);
      String name = naming == null ? null : naming.name();
      object.put(NAME, name == null ? id : name);
      if (object.has(OFFICE)) {
        object.put(OFFICE, naming == null ? null : naming.office());
      }
    }
    eachInside(node, inner -> name(inner, names));
  }

  /** What a source calls somebody stays as the source says it. */
  private static void eachInside(JsonNode node, java.util.function.Consumer<JsonNode> visit) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              property -> {
                if (!property.getKey().equals("source")) {
                  visit.accept(property.getValue());
                }
              });
    } else {
      node.forEach(visit);
    }
  }

  private static boolean isNamed(ObjectNode object) {
    @Nullable JsonNode id = object.get(ID);
    return id != null && id.isString() && object.has(NAME);
  }
}
