package io.parley.projection.negotiations;

import static java.util.Objects.requireNonNull;

import io.parley.projection.negotiations.Negotiation.Member;
import io.parley.projection.negotiations.Negotiation.Spelling;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Negotiations and their parties; one item each, with the negotiation's own id. */
@Component
public final class NegotiationView implements View<Negotiation> {
  @Override
  public String table() {
    return "negotiations";
  }

  @Override
  public Class<Negotiation> type() {
    return Negotiation.class;
  }

  @Override
  public List<Column<Negotiation>> columns() {
    return List.of(
        Column.texts("parties", item -> item.parties().stream().map(Member::party).toList()),
        Column.texts(
            "principals",
            item ->
                item.parties().stream()
                    .filter(party -> party.role() == PartyRole.PRINCIPAL)
                    .map(Member::party)
                    .toList()),
        Column.words(NegotiationView::search));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof NegotiationEvent ? List.of(entry.negotiation()) : List.of();
  }

  @Override
  public Negotiation evolve(String id, @Nullable Negotiation item, Entry entry) {
    return switch ((NegotiationEvent) entry.event()) {
      case NegotiationConvened convened ->
          new Negotiation(
              id,
              convened.title(),
              convened.parties().stream()
                  .map(party -> new Member(party.party(), party.name(), party.role()))
                  .toList(),
              convened.predecessor(),
              convened.aliases().stream()
                  .map(alias -> new Spelling(alias.id(), List.copyOf(alias.names())))
                  .toList(),
              entry.sequence(),
              entry.version(),
              Cited.of(convened));
      case PartyAdded added -> {
        Negotiation before = View.begun(item, entry);
        List<Member> parties = new ArrayList<>(before.parties());
        parties.add(new Member(added.party(), added.name(), added.role()));
        yield new Negotiation(
            id,
            before.title(),
            List.copyOf(parties),
            before.predecessor(),
            before.aliases(),
            entry.sequence(),
            entry.version(),
            Cited.of(added, before.source()));
      }
    };
  }

  private static String search(Negotiation item) {
    return Stream.of(
            Stream.of(item.negotiation(), item.title()),
            item.parties().stream().map(Member::name),
            item.aliases().stream().flatMap(alias -> requireNonNull(alias.names()).stream()))
        .flatMap(words -> words)
        .collect(Collectors.joining(" "));
  }
}
