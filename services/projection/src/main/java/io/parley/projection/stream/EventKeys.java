package io.parley.projection.stream;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What filters look at in an event, beside its service and type: whom it names, and of what kind,
 * on what topic and in what language it is. An event that carries the keys of all versions of its
 * item ({@code FilterKeys}) has those too, so that a retraction reaches all who received the item
 * (rule 22).
 *
 * @param parties ids of parties; whoever speaks or acts may be a party, and is here too
 * @param persons ids of persons; whoever speaks or acts may be a person, and is here too
 */
record EventKeys(
    Set<String> parties,
    Set<String> persons,
    Set<String> kinds,
    Set<String> topics,
    Set<String> languages) {
  /** Of an event that nobody can read. */
  static final EventKeys NONE = new EventKeys(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  private static final Map<Schema, List<Step>> PLANS = new ConcurrentHashMap<>();

  /** What a field's value says. */
  private enum Says {
    PARTY,
    PERSON,
    /** A person, a party or a body. */
    ACTOR,
    KIND,
    TOPIC,
    LANGUAGE,
    /** {@code KIND:ID}. */
    REFERENCE,
    /** Nothing itself, but its fields do. */
    MORE
  }

  private record Step(int field, Says says) {}

  /** The fields of the events that name somebody or something, whatever record they are in. */
  private static final Map<String, Says> FIELDS =
      Map.ofEntries(
          Map.entry("party", Says.PARTY),
          Map.entry("parties", Says.PARTY),
          Map.entry("transferredFrom", Says.PARTY),
          Map.entry("transferredTo", Says.PARTY),
          Map.entry("obligor", Says.ACTOR),
          Map.entry("beneficiaries", Says.ACTOR),
          Map.entry("guarantors", Says.ACTOR),
          Map.entry("participants", Says.ACTOR),
          Map.entry("to", Says.ACTOR),
          Map.entry("topic", Says.TOPIC),
          Map.entry("topics", Says.TOPIC),
          Map.entry("language", Says.LANGUAGE),
          Map.entry("about", Says.REFERENCE));

  private static final Map<String, Map<String, Says>> RECORDS =
      Map.of(
          "Person", Map.of("id", Says.PERSON),
          "Actor", Map.of("id", Says.ACTOR),
          "Alias", Map.of("id", Says.ACTOR),
          "Place", Map.of(),
          "TemporalValue", Map.of(),
          // Its author is nobody's business, and what sources call somebody is theirs.
          "EventHeader", Map.of(),
          "FilterKeys",
              Map.of(
                  "kinds", Says.KIND,
                  "actors", Says.ACTOR,
                  "topics", Says.TOPIC,
                  "languages", Says.LANGUAGE,
                  "about", Says.REFERENCE));

  /** Those of an event. */
  static EventKeys of(IndexedRecord event) {
    EventKeys keys =
        new EventKeys(
            new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    keys.walk(event);
    Schema.Field kind = event.getSchema().getField("kind");
    if (kind != null) {
      keys.add(Says.KIND, event.get(kind.pos()));
    }
    return keys;
  }

  /** Whether a top-level field of this event is the kind of something. */
  static @Nullable Schema kinds(Schema event) {
    Schema.Field kind = event.getField("kind");
    return kind != null && kind.schema().getType() == Schema.Type.ENUM ? kind.schema() : null;
  }

  private void walk(IndexedRecord record) {
    for (Step step : PLANS.computeIfAbsent(record.getSchema(), EventKeys::plan)) {
      add(step.says, record.get(step.field));
    }
  }

  private void add(Says says, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case IndexedRecord record -> walk(record);
      case List<?> list -> list.forEach(each -> add(says, each));
      default -> addWord(says, value.toString());
    }
  }

  private void addWord(Says says, String word) {
    switch (says) {
      case PARTY -> parties.add(word);
      case PERSON -> persons.add(word);
      case ACTOR -> {
        parties.add(word);
        persons.add(word);
      }
      case KIND -> kinds.add(word);
      case TOPIC -> topics.add(word);
      case LANGUAGE -> languages.add(word);
      case REFERENCE -> {
        if (word.startsWith("party:")) {
          parties.add(word.substring("party:".length()));
        } else if (word.startsWith("person:")) {
          persons.add(word.substring("person:".length()));
        } else if (word.startsWith("topic:")) {
          topics.add(word.substring("topic:".length()));
        }
      }
      case MORE -> {}
    }
  }

  /** Looked up once for each schema: which of its fields say something. */
  private static List<Step> plan(Schema schema) {
    Map<String, Says> fields = RECORDS.getOrDefault(schema.getName(), FIELDS);
    boolean isKnown = RECORDS.containsKey(schema.getName());
    return schema.getFields().stream()
        .filter(field -> fields.containsKey(field.name()) || (!isKnown && hasMore(field.schema())))
        .map(field -> new Step(field.pos(), fields.getOrDefault(field.name(), Says.MORE)))
        .toList();
  }

  private static boolean hasMore(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> true;
      case ARRAY -> hasMore(schema.getElementType());
      case UNION -> schema.getTypes().stream().anyMatch(EventKeys::hasMore);
      default -> false;
    };
  }
}
