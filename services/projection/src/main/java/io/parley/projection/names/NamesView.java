package io.parley.projection.names;

import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.schemas.Actor;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.schedule.Alias;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyAdded;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Names by id: wherever an event names a person, a party, a body or a place, whatever the event.
 * The newest name shows, older ones stay aliases. What sources call somebody is theirs and does not
 * count.
 */
@Component
public final class NamesView implements View<Naming> {
  private record Mention(
      String id, @Nullable String name, @Nullable String office, List<String> aliases) {}

  @Override
  public String table() {
    return "names";
  }

  @Override
  public Class<Naming> type() {
    return Naming.class;
  }

  @Override
  public Set<String> changed(Entry entry) {
    Set<String> ids = new LinkedHashSet<>();
    mentions(entry.event(), mention -> ids.add(mention.id()));
    return ids;
  }

  @Override
  public boolean begins(Entry entry) {
    // An aggregate's first event may well name somebody who was named before.
    return false;
  }

  @Override
  public Naming evolve(String id, @Nullable Naming item, Entry entry) {
    Naming[] naming = {item == null ? new Naming(id, null, null, List.of()) : item};
    mentions(
        entry.event(),
        mention -> {
          if (mention.id().equals(id)) {
            naming[0] = plus(naming[0], mention);
          }
        });
    return naming[0];
  }

  /** Adds what an event that is not on the timeline calls somebody. */
  public static void learn(Event event, Map<String, Naming> names) {
    mentions(
        event,
        mention ->
            names.merge(
                mention.id(),
                plus(new Naming(mention.id(), null, null, List.of()), mention),
                (before, now) -> plus(before, mention)));
  }

  private static Naming plus(Naming before, Mention mention) {
    String name = mention.name() == null ? before.name() : mention.name();
    String office = mention.office() == null ? before.office() : mention.office();
    Set<String> aliases = new LinkedHashSet<>(before.aliases());
    if (before.name() != null) {
      aliases.add(before.name());
    }
    aliases.addAll(mention.aliases());
    aliases.remove(name);
    Naming after = new Naming(before.id(), name, office, List.copyOf(aliases));
    return after.equals(before) ? before : after;
  }

  private static void mentions(@Nullable Object value, Consumer<Mention> found) {
    switch (value) {
      case Person person -> mention(person.id(), person.name(), person.office(), found);
      case Actor actor -> mention(actor.id(), actor.name(), actor.office(), found);
      case Place place -> {
        mention(place.id(), place.name(), null, found);
        mentions(place.within(), found);
      }
      case Party party -> mention(party.party(), party.name(), null, found);
      case Alias alias -> {
        if (alias.id() != null) {
          found.accept(new Mention(alias.id(), null, null, new ArrayList<>(alias.names())));
        }
      }
      case EventHeader header -> {}
      case SpecificRecord record -> {
        if (record instanceof PartyAdded added) {
          mention(added.party(), added.name(), null, found);
        }
        for (Schema.Field field : record.getSchema().getFields()) {
          mentions(record.get(field.pos()), found);
        }
      }
      case List<?> list -> list.forEach(each -> mentions(each, found));
      case null, default -> {}
    }
  }

  private static void mention(
      String id, @Nullable String name, @Nullable String office, Consumer<Mention> found) {
    if (name != null || office != null) {
      found.accept(new Mention(id, name, office, List.of()));
    }
  }
}
