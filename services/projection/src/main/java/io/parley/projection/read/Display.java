package io.parley.projection.read;

import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.shape.Resting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the answer of rows: puts in the names as they were at the moment that is asked for, says
 * whose basis was withdrawn then (rule 22), and leaves out what is for the fold alone.
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
    return withdrawn(moment, items).then(named(moment, items));
  }

  /**
   * A row of one negotiation among those of others.
   *
   * @param moment as of which it is shown
   */
  public record Placed(Moment moment, String body) {}

  /** The items of these rows, in their order. */
  public Mono<List<JsonNode>> across(List<Placed> rows) {
    Map<Moment, List<Integer>> moments = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      moments.computeIfAbsent(rows.get(i).moment(), any -> new ArrayList<>()).add(i);
    }
    return Flux.fromIterable(moments.entrySet())
        .concatMap(
            each ->
                items(each.getKey(), each.getValue().stream().map(i -> rows.get(i).body()).toList())
                    .flatMapIterable(items -> numbered(each.getValue(), items)))
        .collectMap(Numbered::number, Numbered::item, TreeMap::new)
        .map(items -> List.copyOf(items.values()));
  }

  private record Numbered(int number, JsonNode item) {}

  private static List<Numbered> numbered(List<Integer> numbers, List<JsonNode> items) {
    List<Numbered> numbered = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      numbered.add(new Numbered(numbers.get(i), items.get(i)));
    }
    return numbered;
  }

  /** Flags the items that rest on an announcement which stands retracted. */
  private Mono<Void> withdrawn(Moment moment, List<JsonNode> items) {
    Set<String> bases = new LinkedHashSet<>();
    items.forEach(item -> bases.addAll(bases(item)));
    if (bases.isEmpty()) {
      return Mono.empty();
    }
    Select select =
        Select.items("announcements", moment)
            .where("t.id = any(?)", bases.toArray(new String[0]))
            .where("t.status = 'RETRACTED'");
    return database
        .query(select.sql("t.id", bases.size()), row -> row.get(1, String.class), select.values())
        .collect(Collectors.toSet())
        .doOnNext(
            retracted -> {
              for (JsonNode item : items) {
                if (item instanceof ObjectNode object
                    && !Collections.disjoint(bases(item), retracted)) {
                  object.put("basisWithdrawn", true);
                }
              }
            })
        .then();
  }

  private static List<String> bases(JsonNode item) {
    JsonNode bases = item.get(Resting.PROPERTY);
    return bases == null
        ? List.of()
        : StreamSupport.stream(bases.spliterator(), false).map(JsonNode::asString).toList();
  }

  private Mono<List<JsonNode>> named(Moment moment, List<JsonNode> items) {
    // Only once this is subscribed to: preparing takes away what the flags are found by.
    return Mono.defer(() -> prepared(moment, items));
  }

  private Mono<List<JsonNode>> prepared(Moment moment, List<JsonNode> items) {
    Map<String, Naming> own = new HashMap<>();
    items.forEach(item -> own(item, own));
    Set<String> ids = new LinkedHashSet<>();
    items.forEach(item -> prepare(item, ids));
    if (ids.isEmpty()) {
      return Mono.just(items);
    }
    return names(moment, ids)
        .map(
            names -> {
              // The open record's names go before those that only a restricted item gives.
              names.forEach(
                  (id, naming) ->
                      own.merge(
                          id, naming, (brought, open) -> open.name() == null ? brought : open));
              items.forEach(item -> name(item, own));
              return items;
            });
  }

  /** What these ids were called at a moment; those that nobody had named are not in it. */
  public Mono<Map<String, Naming>> names(Moment moment, Set<String> ids) {
    Select select =
        Select.items("names", moment).where("t.id = any(?)", ids.toArray(new String[0]));
    return database
        .query(
            select.sql("t.body", ids.size()),
            row -> Bodies.JSON.readValue(row.get(1, String.class), Naming.class),
            select.values())
        .collectMap(Naming::id);
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
