package io.parley.projection.read;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a read asks. Collects everything that is wrong with its parameters; {@link #check} then
 * refuses all of it at once.
 */
public final class Question {
  /** Items of a page where nothing is said. */
  public static final int DEFAULT_LIMIT = 100;

  /** Most items of a page. */
  public static final int MAX_LIMIT = 1000;

  private static final int MAX_LENGTH = 300;
  private static final String AS_OF = "asOf";
  private static final String LIMIT = "limit";
  private static final String CURSOR = "cursor";

  private final ServerWebExchange exchange;
  private final MultiValueMap<String, String> parameters;
  private final Set<String> views;
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> moments = new ArrayList<>();
  private final @Nullable AsOf asOf;
  private final int limit;
  private final @Nullable Cursor cursor;

  private Question(ServerWebExchange exchange, Asks asks) {
    this.exchange = exchange;
    this.views = Set.of(asks.views());
    this.parameters = exchange.getRequest().getQueryParams();
    Set<String> known = new HashSet<>(List.of(asks.value()));
    if (asks.stream()) {
      known.addAll(Asks.STREAM);
    } else {
      known.add(AS_OF);
    }
    if (asks.list()) {
      known.addAll(List.of(LIMIT, CURSOR));
    }
    parameters.forEach(
        (name, values) -> {
          if (!known.contains(name)) {
            fault(name, "there is no such parameter here");
          } else if (values.stream().anyMatch(value -> value != null && value.length() > 2000)) {
            fault(name, "longer than 2,000 characters");
          } else if (values.stream().anyMatch(value -> value != null && value.indexOf(0) >= 0)) {
            // PostgreSQL has no such character, in no text.
            fault(name, "holds U+0000");
          }
        });
    this.asOf = moment(AS_OF);
    Integer asked = parsed(LIMIT, Question::limit);
    this.limit = asked == null ? DEFAULT_LIMIT : asked;
    this.cursor = parsed(CURSOR, text -> Cursor.parse(text, identity()));
  }

  /** The question that a request asks, of the read that {@link Asks} describes. */
  public static Question of(ServerWebExchange exchange) {
    HandlerMethod read =
        exchange.getRequiredAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    Asks asks = read.getMethodAnnotation(Asks.class);
    if (asks == null) {
      throw new IllegalStateException(read + " does not say what it may be asked");
    }
    return new Question(exchange, asks);
  }

  /** A parameter's text, or null. */
  public @Nullable String text(String name) {
    return parsed(name, text -> text);
  }

  /** A parameter's values: repeated, or parted by commas. */
  public List<String> texts(String name) {
    return parameters.getOrDefault(name, List.of()).stream()
        .filter(value -> value != null && !value.isEmpty())
        .flatMap(value -> Arrays.stream(value.split(",")))
        .toList();
  }

  /** A parameter's values, each one of these words. */
  public List<String> words(String name, List<String> words) {
    List<String> values = texts(name);
    for (String value : values) {
      if (!words.contains(value)) {
        fault(name, "'" + shown(value) + "' is none of " + String.join(", ", words));
      }
    }
    return values;
  }

  /** A parameter's values, each a constant of the enum. */
  public <E extends Enum<E>> List<String> words(String name, Class<E> type) {
    return words(
        name,
        Arrays.stream(type.getEnumConstants())
            .map(Enum::name)
            .filter(word -> !word.equals("UNRECOGNIZED"))
            .toList());
  }

  /**
   * A parameter's value, read by a function that throws IllegalArgumentException where it cannot.
   */
  public <T> @Nullable T parsed(String name, Function<String, T> reader) {
    List<String> values = parameters.getOrDefault(name, List.of());
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      fault(name, "given " + values.size() + " times");
      return null;
    }
    String text = values.getFirst() == null ? "" : values.getFirst();
    try {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("empty");
      }
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      fault(name, "'" + shown(text) + "': " + e.getMessage());
      return null;
    }
  }

  /** A parameter's value that is a moment, which is {@linkplain #asks asked for}. */
  public @Nullable AsOf moment(String name) {
    AsOf moment = parsed(name, AsOf::parse);
    if (moment != null) {
      asks(name);
    }
    return moment;
  }

  /** Notes that a parameter's value is a moment of the record that is asked for. */
  public void asks(String name) {
    moments.addAll(parameters.getOrDefault(name, List.of()));
  }

  /** The moments that are asked for, as they were given: what the audit trail is to tell. */
  public List<String> moments() {
    return List.copyOf(moments);
  }

  /** Notes that a parameter is missing, if it is. */
  public void required(String name) {
    if (!parameters.containsKey(name)) {
      fault(name, "missing");
    }
  }

  /** Notes what is wrong with a parameter. */
  public void fault(String name, String detail) {
    faults.add(new Fault(shown(name), detail));
  }

  /**
   * Refuses the question if anything is wrong with it.
   *
   * @throws Problem 400 that names each
   */
  public void check() {
    if (!faults.isEmpty()) {
      throw Problem.invalid("the query parameters cannot be answered", faults);
    }
  }

  /** The instant that is asked for, in milliseconds since 1970, or null for now. */
  public @Nullable Long recordedMillis() {
    return asOf instanceof AsOf.AtInstant at ? (Long) at.instant().toEpochMilli() : null;
  }

  /** The views that the read reads. */
  Set<String> views() {
    return views;
  }

  /** The moment that is asked for; null for now. */
  public @Nullable AsOf asOf() {
    return asOf;
  }

  /** Most items of the page that is asked for. */
  public int limit() {
    return limit;
  }

  /** Key of the item after which the page begins; null where it is the first page. */
  public @Nullable String after() {
    return cursor == null ? null : cursor.after();
  }

  @Nullable Cursor cursor() {
    return cursor;
  }

  ServerWebExchange exchange() {
    return exchange;
  }

  HttpHeaders headers() {
    return exchange.getRequest().getHeaders();
  }

  /** What is asked, whatever the page: path and filters. */
  String identity() {
    TreeMap<String, List<String>> filters = new TreeMap<>(parameters);
    filters.remove(CURSOR);
    filters.remove(LIMIT);
    String text = exchange.getRequest().getPath().value() + filters;
    return Validator.digest(text);
  }

  private static int limit(String text) {
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_LIMIT) {
      throw new IllegalArgumentException("not a number from 1 to " + MAX_LIMIT);
    }
    return Integer.parseInt(text);
  }

  private static String shown(String text) {
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
  }
}
