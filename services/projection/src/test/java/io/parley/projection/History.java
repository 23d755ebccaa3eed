package io.parley.projection;

import io.parley.journal.reading.Token;
import io.parley.schemas.Actor;
import io.parley.schemas.Event;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.Requirement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A history made of numbers: each is a step, and decides which event comes next and what it says.
 * Whatever numbers there are, each event may follow on those before: one that needs another which
 * is not there, as that step was left out, begins something instead. So a list of them can be made
 * shorter in any way, and the smaller a number the plainer its event.
 */
final class History {
  private static final int KINDS = 19;

  /** Steps are below this; those below {@link #KINDS} are of one kind each. */
  static final int STEPS = KINDS * 10_000;

  private final Function<Event, Token> settle;
  private final List<String> announcements = new ArrayList<>();
  private final List<String> retracted = new ArrayList<>();
  private final List<String> meetings = new ArrayList<>();
  private final List<String> claims = new ArrayList<>();
  private final List<String> proposals = new ArrayList<>();
  private final List<String> drafts = new ArrayList<>();
  private final Set<String> parties = new HashSet<>();
  private Token last;
  private int number;

  /** What is left of a step once something was chosen by it. */
  private int rest;

  /**
   * One that begins with the negotiation itself.
   *
   * @param settle gives an event on, and names it
   */
  History(Function<Event, Token> settle) {
    this.settle = settle;
    this.last = settle.apply(Facts.convened("Talks"));
  }

  /** A history of these steps; its first event is the negotiation itself. */
  static History of(Function<Event, Token> settle, List<Integer> steps) {
    History history = new History(settle);
    steps.forEach(history::settle);
    return history;
  }

  /** Steps after which each view has something. */
  static List<Integer> ofEachKind() {
    return IntStream.range(0, KINDS).boxed().toList();
  }

  /** Settles the next event. */
  void settle(int step) {
    rest = step / KINDS;
    number++;
    last = settle.apply(event(step % KINDS, "x-" + number));
  }

  /** Names the last event. */
  Token last() {
    return last;
  }

  private Event event(int kind, String id) {
    return switch (kind) {
      case 0 -> announced(id);
      case 1 -> announced(id).kind(AnnouncementKind.POSITION).onBehalfOf(actor());
      case 2 -> headed(party(), person());
      case 3 -> meeting(id);
      case 4 -> meetings.isEmpty() ? meeting(id) : Facts.rescheduled(any(meetings), day());
      case 5 -> Facts.round(id);
      case 6 -> Facts.leg(id, person());
      case 7 -> Facts.stay(id, person());
      case 8 -> attendance();
      case 9 -> condition(id);
      case 10 -> claim(id);
      case 11 -> claims.isEmpty() ? claim(id) : said(any(claims));
      case 12 -> proposal(id);
      case 13 -> proposals.isEmpty() ? proposal(id) : answered(any(proposals));
      case 14 -> draft(id);
      case 15 -> drafts.isEmpty() ? draft(id) : new DraftSigned().draft(taken(drafts)).party("ru");
      case 16 -> announcements.isEmpty() ? announced(id) : reply(id);
      case 17 -> announcements.isEmpty() ? announced(id) : corrected(any(announcements));
      default -> announcements.isEmpty() ? announced(id) : retractedOrBack();
    };
  }

  private AnnouncementPublished announced(String id) {
    announcements.add(id);
    return Facts.announced(id, "p-" + choose(8), "Words " + choose(5));
  }

  /** It rests on what it answers, which may be gone. */
  private Event reply(String id) {
    String said = any(announcements);
    return announced(id).inReplyTo(said).about(List.of("announcement:" + said));
  }

  private Event corrected(String id) {
    return Facts.corrected(id, "Other words " + choose(5), 1);
  }

  private Event retractedOrBack() {
    if (!retracted.isEmpty() && choose(3) == 1) {
      String back = taken(retracted);
      announcements.add(back);
      return Facts.reinstated(back);
    }
    String gone = taken(announcements);
    retracted.add(gone);
    return Facts.retracted(gone);
  }

  private Event headed(String party, Person head) {
    String basis = announcements.isEmpty() ? null : any(announcements);
    return parties.add(party)
        ? Facts.composed(party, head).basis(basis)
        : Facts.replaced(party, head, Facts.person("p-0", null));
  }

  private Event meeting(String id) {
    meetings.add(meetings.isEmpty() ? "m-1" : id);
    // In a building, which lies in the city, which lies in a country.
    Place country = new Place().id("turkiye").name("Türkiye").kind(PlaceKind.COUNTRY);
    return Facts.meeting(meetings.getLast(), day())
        .place(Facts.city("istanbul", "İstanbul").within(country))
        .venue(new Place().id("palace-" + choose(3)).name("Palace").kind(PlaceKind.VENUE))
        .participants(List.of("p-" + choose(8)));
  }

  private Event attendance() {
    return new AttendanceStated()
        .person(person())
        .party("ru")
        .scope(scope())
        .status(choose(2) == 0 ? AttendanceStatus.CONFIRMED : AttendanceStatus.DECLINED);
  }

  private Event condition(String id) {
    return new ConditionStated()
        .condition(id)
        .person(person())
        .scope("talks")
        .kind(choose(2) == 0 ? ConditionKind.ONLY_IF : ConditionKind.IFF)
        .requires(new Requirement().person(person()).scope("talks"));
  }

  private Event claim(String id) {
    claims.add(id);
    return new ClaimRecorded().claim(id).kind(ClaimKind.FACTUAL).text("It is so " + choose(5));
  }

  private Event said(String claim) {
    return choose(2) == 0
        ? new ClaimContested().claim(claim).by(actor()).text("No")
        : new ClaimCorroborated().claim(claim).by(actor()).text("Yes");
  }

  private Event proposal(String id) {
    proposals.add(id);
    return new ProposalMade().proposal(id).by(actor()).topic(topic()).text("A truce");
  }

  private Event answered(String proposal) {
    return new ProposalAnswered()
        .proposal(proposal)
        .party(party())
        .answer(choose(2) == 0 ? Answer.ACCEPTED : Answer.REJECTED);
  }

  private Event draft(String id) {
    drafts.add(id);
    Provision provision = new Provision().provision("one").obligor("ua").topic(topic()).text("No");
    return new DraftRecorded()
        .draft(id)
        .title("A text")
        .parties(List.of("ru"))
        .provisions(List.of(provision));
  }

  private Person person() {
    return Facts.person("p-" + choose(8), "Person " + choose(20));
  }

  private Actor actor() {
    return new Actor().id(party()).name(choose(2) == 0 ? "Türkiye" : null);
  }

  private String party() {
    return choose(2) == 0 ? "ru" : "ua";
  }

  private String topic() {
    return choose(2) == 0 ? "ceasefire" : "borders";
  }

  private String scope() {
    return choose(2) == 0 || meetings.isEmpty() ? "talks" : "meeting:m-1";
  }

  private String day() {
    return "2025-05-%02d".formatted(15 + choose(10));
  }

  /** The last is the plainest: what the step before began, say. */
  private String any(List<String> ids) {
    return ids.get(ids.size() - 1 - choose(ids.size()));
  }

  private String taken(List<String> ids) {
    return ids.remove(ids.size() - 1 - choose(ids.size()));
  }

  /** One of so many; the same step always chooses the same. */
  private int choose(int many) {
    int chosen = rest % many;
    rest /= many;
    return chosen;
  }
}
