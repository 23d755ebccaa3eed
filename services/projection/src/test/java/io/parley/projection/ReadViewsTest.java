package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.projector.View;
import io.parley.projection.read.Asks;
import io.parley.schemas.Actor;
import io.parley.schemas.Event;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.Requirement;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Mono;

/**
 * What each read says of the views that it reads ({@link Asks#views}) is what its SQL reads, and
 * what holds it back (ADR 8).
 */
class ReadViewsTest {
  private static final String SCHEMA = "readviews";
  private static final String N = "read-views";

  /** Moments at which nothing happens that a read shows: results are cached by moment. */
  private static final int FILLERS = 120;

  /** What is asked of a read beside its plain path; whatever else it may be asked reads no more. */
  private static final Map<String, List<String>> QUERIES =
      Map.of(
          "/api/search", List.of("?q=istanbul or head"),
          "/api/negotiations/{negotiation}/diff", List.of("?from=0"),
          "/api/negotiations/{negotiation}/attendance",
              List.of("", "?scope=city:istanbul", "?assume=head@talks:present"),
          "/api/negotiations/{negotiation}/schedule", List.of("", "?from=2025-05-01"),
          "/api/negotiations/{negotiation}/announcements", List.of("", "?q=words&party=ru"));

  private static final Map<String, String> VARIABLES =
      Map.of(
          "negotiation", N,
          "party", "ru",
          "person", "head",
          "meeting", "opening",
          "announcement", "reply",
          "draft", "text");

  private static final ConcurrentLinkedQueue<String> STATEMENTS = new ConcurrentLinkedQueue<>();

  private static ConfigurableApplicationContext service;
  private static Story story;
  private static Set<String> views;
  private static long end;
  private static long unasked;

  @BeforeAll
  static void record() {
    service =
        Ground.service(SCHEMA, Map.of("parley.projection.wait-at-most", "20s"), Overhear.class);
    views =
        service.getBeanProvider(View.class).stream()
            .map(view -> view.table())
            .collect(Collectors.toCollection(TreeSet::new));
    story = new Story(service, N);
    facts().forEach(story::settle);
    for (int i = 0; i < FILLERS; i++) {
      end = story.settle(Facts.round("filler-" + i));
    }
    unasked = end;
    assertThat(story.json("").get("negotiation").asString()).isEqualTo(N);
  }

  /** Each view has something of them, under the ids that are asked for. */
  private static List<Event> facts() {
    Place istanbul =
        Facts.city("istanbul", "Istanbul")
            .within(new Place().id("turkiye").name("Türkiye").kind(PlaceKind.COUNTRY));
    return List.of(
        Facts.round("one"),
        Facts.meeting("opening", "2025-05-15").place(istanbul),
        Facts.meeting("other", "2025-05-15").participants(List.of("head")),
        Facts.announced("decree", "kremlin", "He heads it"),
        Facts.announced("reply", "x", "Words").inReplyTo("decree"),
        Facts.announced("held", "x", "Not so").kind(AnnouncementKind.POSITION),
        Facts.composed("ru", Facts.person("head", "The Head")).basis("decree"),
        Facts.leg("leg", Facts.person("head", "The Head")),
        Facts.stay("stay", Facts.person("head", "The Head")),
        new AttendanceStated()
            .person(Facts.person("head", "The Head"))
            .party("ru")
            .scope("talks")
            .status(AttendanceStatus.CONFIRMED),
        new ConditionStated()
            .condition("c")
            .person(Facts.person("head", "The Head"))
            .scope("talks")
            .kind(ConditionKind.ONLY_IF)
            .requires(new Requirement().person(Facts.person("other", "The Other")).scope("talks")),
        new ClaimRecorded()
            .claim("claim")
            .kind(ClaimKind.FACTUAL)
            .text("It is so")
            .about(List.of("announcement:decree")),
        new ClaimCorroborated().claim("claim").by(new Actor().id("us").name("United States")),
        new ProposalMade()
            .proposal("truce")
            .by(new Actor().id("us").name("United States"))
            .topic("ceasefire")
            .text("A truce"),
        new ProposalAnswered().proposal("truce").party("ru").answer(Answer.ACCEPTED),
        new DraftRecorded().draft("text").title("A text"),
        Facts.retracted("decree"));
  }

  @AfterAll
  static void close() {
    story.close();
    service.close();
  }

  @Test
  void eachReadReadsTheViewsThatItSays() {
    Map<String, Asks> reads = reads();
    assertThat(reads).hasSizeGreaterThan(25);
    // Views are what the tables are matched with.
    assertThat(views).contains("names", "places");
    reads.forEach(
        (path, asks) -> {
          Set<String> read = new TreeSet<>();
          for (String query : QUERIES.getOrDefault(path, List.of(""))) {
            boolean under = path.contains("{negotiation}");
            String moment = under ? (query.isEmpty() ? "?" : "&") + "asOf=" + unasked-- : "";
            STATEMENTS.clear();
            ask(path, query + moment);
            read.addAll(tables());
          }
          read.retainAll(views);
          assertThat(read).as(path).containsExactlyInAnyOrder(asks.views());
        });
  }

  @Test
  void eachReadIsHeldBackByTheViewsThatItReadsAlone() throws Exception {
    long halted = end - 3;
    for (String view : views) {
      execute(
          "insert into %s.halted (view, negotiation, sequence, partition, record_offset, type,"
                  .formatted(SCHEMA)
              + " aggregate, reason) values ('%s', '%s', %d, -1, 0, '', '', '')"
                  .formatted(view, N, halted));
      for (Map.Entry<String, Asks> read : reads().entrySet()) {
        if (read.getKey().contains("{negotiation}")) {
          String query = QUERIES.getOrDefault(read.getKey(), List.of("")).getFirst();
          long shown = ask(read.getKey(), query);
          assertThat(shown)
              .as("%s where %s stands still", read.getKey(), view)
              .isEqualTo(List.of(read.getValue().views()).contains(view) ? halted - 1 : end);
        }
      }
      execute("delete from %s.halted".formatted(SCHEMA));
    }
  }

  /** Every read of the service, by its path. */
  private static Map<String, Asks> reads() {
    Map<String, Asks> reads = new TreeMap<>();
    service
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, handler) -> {
              Asks asks = handler.getMethodAnnotation(Asks.class);
              // A stream reads no view: it never asks the database.
              if (asks != null && !asks.stream()) {
                mapping
                    .getPatternsCondition()
                    .getPatterns()
                    .forEach(pattern -> reads.put(pattern.getPatternString(), asks));
              }
            });
    return reads;
  }

  /** Asks a read; what its Parley-Sequence says. */
  private static long ask(String path, String query) {
    String asked = path;
    for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
      asked = asked.replace("{" + variable.getKey() + "}", variable.getValue());
    }
    String uri = asked + query.replace(" ", "%20");
    EntityExchangeResult<byte[]> answer =
        Ground.client(service)
            .get()
            .uri(java.net.URI.create(Ground.origin(service) + uri))
            .headers(headers -> Bearer.where(uri, headers))
            .exchange()
            .expectBody()
            .returnResult();
    assertThat(answer.getStatus().value()).as(asked + query).isEqualTo(200);
    return Long.parseLong(String.valueOf(answer.getResponseHeaders().getFirst("Parley-Sequence")));
  }

  /** The tables that the statements since then name. */
  private static Set<String> tables() {
    Set<String> tables = new LinkedHashSet<>();
    Pattern table = Pattern.compile("\\b" + SCHEMA + "\\.(\\w+)");
    for (String statement : STATEMENTS) {
      Matcher matcher = table.matcher(statement);
      while (matcher.find()) {
        tables.add(matcher.group(1));
      }
    }
    return tables;
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = Rows.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Overhears what is asked of the database: the service's own connections, and all their SQL. */
  static final class Overhear implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof ConnectionFactory
          ? wrapped(
              bean,
              (proxy, method, arguments) -> {
                Object result = call(bean, method, arguments);
                return method.getName().equals("create") && result instanceof Publisher<?> created
                    ? Mono.from(created).map(Overhear::connection)
                    : result;
              })
          : bean;
    }

    private static Object connection(Object connection) {
      return wrapped(
          connection,
          (proxy, method, arguments) -> {
            if (method.getName().equals("createStatement")) {
              STATEMENTS.add(String.valueOf(arguments[0]));
            }
            return call(connection, method, arguments);
          });
    }

    private static Object wrapped(Object target, InvocationHandler handler) {
      return Proxy.newProxyInstance(
          Connection.class.getClassLoader(),
          ClassUtils.getAllInterfacesForClass(target.getClass()),
          handler);
    }

    private static @Nullable Object call(
        Object target, java.lang.reflect.Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
