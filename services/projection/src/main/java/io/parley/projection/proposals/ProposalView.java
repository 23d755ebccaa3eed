package io.parley.projection.proposals;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.proposals.Proposal.Status;
import io.parley.projection.proposals.Proposal.Step;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.Announcement.ProposalEvent;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.ProposalReiterated;
import io.parley.schemas.announcement.ProposalWithdrawn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Proposals, by their id. */
@Component
public final class ProposalView implements View<Proposal> {
  @Override
  public String table() {
    return "proposals";
  }

  @Override
  public Class<Proposal> type() {
    return Proposal.class;
  }

  @Override
  public List<Column<Proposal>> columns() {
    return List.of(
        Column.text("topic", Proposal::topic),
        Column.texts(
            "answerers",
            proposal -> proposal.answers().stream().map(step -> step.by().id()).toList()));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof ProposalEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Proposal evolve(String id, @Nullable Proposal item, Entry entry) {
    return switch ((ProposalEvent) entry.event()) {
      case ProposalMade made -> made(made, entry);
      case ProposalReiterated reiterated -> {
        Proposal before = View.begun(item, entry);
        yield with(
            before,
            Status.REITERATED,
            before.answers(),
            step(entry, Named.of(reiterated.by()), null, null),
            entry);
      }
      case ProposalAnswered answered -> {
        Proposal before = View.begun(item, entry);
        Step step =
            step(
                entry, new Named(answered.party(), null, null), answered.answer(), answered.text());
        yield with(before, status(before, answered), answers(before.answers(), step), step, entry);
      }
      case ProposalWithdrawn withdrawn -> {
        Proposal before = View.begun(item, entry);
        yield with(
            before,
            Status.WITHDRAWN,
            before.answers(),
            step(entry, before.by(), null, null),
            entry);
      }
    };
  }

  private static Proposal made(ProposalMade event, Entry entry) {
    Named by = Named.of(event.by());
    return new Proposal(
        event.proposal(),
        by,
        event.to(),
        event.topic(),
        event.text(),
        Status.MADE,
        List.of(),
        List.of(step(entry, by, null, event.text())),
        Temporal.of(event.header().occurred()),
        Temporal.of(event.header().asserted()),
        entry.sequence(),
        entry.version(),
        Cited.of(event),
        entry.sequence());
  }

  private static Step step(Entry entry, Named by, @Nullable Answer answer, @Nullable String text) {
    return new Step(
        entry.type(),
        by,
        answer,
        entry.sequence(),
        text,
        entry.recordedAt(),
        Temporal.of(entry.event().header().occurred()),
        Temporal.of(entry.event().header().asserted()),
        Cited.of(entry.event()));
  }

  private static Status status(Proposal before, ProposalAnswered event) {
    return switch (event.answer()) {
      case ACCEPTED -> Status.ACCEPTED;
      case ACCEPTED_WITH_RESERVATIONS -> Status.ACCEPTED_WITH_RESERVATIONS;
      case REJECTED -> Status.REJECTED;
      // Of a later schema: what it says is not known here.
      case UNRECOGNIZED -> before.status();
    };
  }

  /** One that was certainly given before the party's last does not supersede it (rule 28). */
  private static List<Step> answers(List<Step> before, Step answer) {
    List<Step> answers = new ArrayList<>();
    for (Step other : before) {
      if (!other.by().equals(answer.by())) {
        answers.add(other);
      } else if (isEarlier(answer, other)) {
        return before;
      }
    }
    answers.add(answer);
    return List.copyOf(answers);
  }

  private static boolean isEarlier(Step step, Step other) {
    Temporal said = step.said();
    Temporal otherSaid = other.said();
    return said != null && otherSaid != null && said.isBefore(otherSaid);
  }

  private static Proposal with(
      Proposal before, Status status, List<Step> answers, Step step, Entry entry) {
    return new Proposal(
        before.proposal(),
        before.by(),
        before.to(),
        before.topic(),
        before.text(),
        status,
        answers,
        Stream.concat(before.lineage().stream(), Stream.of(step)).toList(),
        before.occurred(),
        before.asserted(),
        entry.sequence(),
        entry.version(),
        Cited.of(entry.event(), before.source()),
        before.firstSequence());
  }
}
