package io.parley.projection.people;

import io.parley.projection.delegations.Delegation.Mark;
import io.parley.projection.names.Mention;
import io.parley.projection.names.Mention.Sort;
import io.parley.projection.people.Acquaintance.Given;
import io.parley.projection.people.Acquaintance.Membership;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whoever an event names as a person or as one who speaks; parties too, to know them for it. */
@Component
public final class PeopleView implements View<Acquaintance> {
  @Override
  public String table() {
    return "people";
  }

  @Override
  public Class<Acquaintance> type() {
    return Acquaintance.class;
  }

  @Override
  public List<Column<Acquaintance>> columns() {
    return List.of(
        Column.text("sort", item -> item.sort().name()), Column.words(PeopleView::search));
  }

  @Override
  public Set<String> changed(Entry entry) {
    Set<String> ids = new LinkedHashSet<>();
    Mention.each(
        entry.event(),
        mention -> {
          if (mention.sort() != Sort.PLACE) {
            ids.add(mention.id());
          }
        });
    return ids;
  }

  @Override
  public boolean begins(Entry entry) {
    // An aggregate's first event may well name somebody who was named before.
    return false;
  }

  @Override
  public Acquaintance evolve(String id, @Nullable Acquaintance item, Entry entry) {
    Acquaintance before =
        item == null
            ? new Acquaintance(id, Sort.ALIAS, List.of(), List.of(), List.of(), List.of(), 0)
            : item;
    Mark now =
        new Mark(
            entry.sequence(), entry.recordedAt(), Temporal.of(entry.event().header().occurred()));
    Acquaintance[] next = {before};
    Mention.each(
        entry.event(),
        mention -> {
          if (mention.id().equals(id) && mention.sort() != Sort.PLACE) {
            next[0] = plus(next[0], mention, now);
          }
        });
    List<Membership> seats = Seats.after(id, before.memberships(), entry.event(), now);
    return next[0].equals(before) && seats.equals(before.memberships()) && item != null
        ? item
        : new Acquaintance(
            id,
            next[0].sort(),
            next[0].names(),
            next[0].offices(),
            next[0].aliases(),
            seats,
            entry.sequence());
  }

  private static Acquaintance plus(Acquaintance before, Mention mention, Mark now) {
    return new Acquaintance(
        before.person(),
        mention.sort().compareTo(before.sort()) > 0 ? mention.sort() : before.sort(),
        given(before.names(), mention.name(), now),
        given(before.offices(), mention.office(), now),
        with(before.aliases(), mention.aliases()),
        before.memberships(),
        before.sequence());
  }

  private static List<String> with(List<String> before, List<String> more) {
    return before.containsAll(more)
        ? before
        : Stream.concat(before.stream(), more.stream()).distinct().toList();
  }

  private static List<Given> given(List<Given> before, @Nullable String value, Mark now) {
    return value == null || (!before.isEmpty() && before.getLast().value().equals(value))
        ? before
        : Stream.concat(before.stream(), Stream.of(new Given(value, now))).toList();
  }

  private static String search(Acquaintance item) {
    List<String> words = new ArrayList<>(item.aliases());
    item.names().forEach(name -> words.add(name.value()));
    words.add(item.person().replace('-', ' '));
    return String.join(" ", words);
  }
}
