package io.parley.projection.names;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.schemas.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Names by id: wherever an event names a person, a party, a body or a place, whatever the event.
 * The newest name shows, older ones stay aliases. What sources call somebody is theirs and does not
 * count.
 */
@Component
public final class NamesView implements View<Naming> {
  @Override
  public String table() {
    return "names";
  }

  @Override
  public Class<Naming> type() {
    return Naming.class;
  }

  @Override
  public List<Column<Naming>> columns() {
    return List.of(Column.words(NamesView::search));
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

  private static void mentions(Event event, Consumer<Mention> found) {
    Mention.each(
        event,
        mention -> {
          if (mention.name() != null || mention.office() != null || !mention.aliases().isEmpty()) {
            found.accept(mention);
          }
        });
  }

  private static String search(Naming item) {
    List<String> words = new ArrayList<>(item.aliases());
    words.add(item.id().replace('-', ' '));
    if (item.name() != null) {
      words.add(item.name());
    }
    return String.join(" ", words);
  }
}
