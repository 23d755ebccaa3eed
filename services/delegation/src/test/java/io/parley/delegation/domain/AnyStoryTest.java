package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.delegation.domain.DelegationDecider.Composed;
import io.parley.journal.Decision;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.Person;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.AssessCondition;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.Member;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.StateAttendance;
import io.parley.schemas.delegation.StateCondition;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawCondition;
import io.parley.schemas.delegation.WithdrawMember;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked in whatever order: what is accepted can be folded, and the rules hold. */
class AnyStoryTest {

  @Property(tries = 500)
  void whatIsAcceptedCanBeFoldedAndTheRulesHold(@ForAll("commands") List<Command> commands) {
    Story story = story();
    for (Command command : commands) {
      if (story.when(command).decision()
          instanceof Decision.Accepted(List<Event> events, List<Event> restricted)) {
        story.givenRestricted(restricted.toArray(Event[]::new)).given(events.toArray(Event[]::new));
      }
      Optional<Composed> ru = Opposition.find("ru", story);
      Optional<Composed> ua = Opposition.find("ua", story);
      ru.ifPresent(AnyStoryTest::rule5_theHeadIsAMember);
      ua.ifPresent(AnyStoryTest::rule5_theHeadIsAMember);
      if (ru.isPresent() && ua.isPresent()) {
        rule6_nobodyRepresentsBoth(ru.get(), ua.get());
      }
    }
  }

  private static void rule5_theHeadIsAMember(Composed delegation) {
    if (delegation.head() != null) {
      assertThat(delegation.members()).containsKey(delegation.head().id());
    }
  }

  private static void rule6_nobodyRepresentsBoth(Composed one, Composed other) {
    assertThat(one.members().keySet()).noneMatch(p -> one.hasPrincipal(p) && other.hasPrincipal(p));
  }

  @Provide
  Arbitrary<List<Command>> commands() {
    Arbitrary<String> party = Arbitraries.of("ru", "ua", "us");
    Arbitrary<Person> person = Arbitraries.of("p1", "p2", "p3").map(id -> new Person().id(id));
    Arbitrary<Capacity> capacity =
        Arbitraries.of(Capacity.MEMBER, Capacity.ADVISER, Capacity.ENVOY);
    Arbitrary<String> scope = Arbitraries.of("talks", "city:istanbul", "meeting:opening");
    Arbitrary<String> condition = Arbitraries.of("c1", "c2");
    Arbitrary<Member> member =
        Combinators.combine(person, capacity).as((p, c) -> new Member().person(p).capacity(c));
    return Arbitraries.<Command>oneOf(
            List.of(
                Combinators.combine(
                        party,
                        person.injectNull(0.5),
                        member.list().ofMaxSize(2),
                        Arbitraries.of(Roster.PARTIAL, Roster.COMPLETE),
                        Arbitraries.of(true, false))
                    .as(
                        (p, head, members, roster, published) ->
                            new ComposeDelegation()
                                .party(p)
                                .head(head)
                                .members(members)
                                .roster(roster)
                                .published(published)),
                Combinators.combine(party, person)
                    .as((p, h) -> new AppointHead().party(p).person(h)),
                Combinators.combine(party, person)
                    .as((p, h) -> new ReplaceHead().party(p).person(h)),
                Combinators.combine(party, person, capacity)
                    .as((p, m, c) -> new AppointMember().party(p).person(m).capacity(c)),
                Combinators.combine(party, person)
                    .as((p, m) -> new WithdrawMember().party(p).person(m)),
                Combinators.combine(person, party, party)
                    .as((m, from, to) -> new TransferMember().person(m).from(from).to(to)),
                party.map(p -> new CompleteRoster().party(p)),
                party.map(p -> new PublishDelegation().party(p)),
                Combinators.combine(person.injectNull(0.3), party.injectNull(0.3), scope)
                    .as(
                        (p, of, s) ->
                            new StateAttendance()
                                .person(p)
                                .party(of)
                                .scope(s)
                                .status(AttendanceStatus.WILLING)),
                Combinators.combine(person, scope).as((p, s) -> new CheckIn().person(p).scope(s)),
                Combinators.combine(person, scope)
                    .as((p, s) -> new RecordAbsence().person(p).scope(s)),
                Combinators.combine(condition, person, person, scope)
                    .as(
                        (id, p, on, s) ->
                            new StateCondition()
                                .condition(id)
                                .person(p)
                                .scope(s)
                                .kind(ConditionKind.IFF)
                                .requires(new Requirement().person(on).scope(s))),
                condition.map(id -> new WithdrawCondition().condition(id)),
                condition.map(
                    id ->
                        new AssessCondition().condition(id).result(Assessment.MET).reason("seen"))))
        .list()
        .ofMaxSize(40);
  }
}
