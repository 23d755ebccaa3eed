package io.parley.projection.restricted;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.announcements.AnnouncementView;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.delegations.DelegationView;
import io.parley.projection.names.NamesView;
import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.schemas.Event;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.delegation.DelegationComposed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Folds restricted events as the open views fold theirs: under restriction an item looks as it will
 * look in public, but that it has no place on the timeline and says how it is restricted.
 */
@Component
final class RestrictedFold {
  /** Columns that lists are filtered by; those of announcements, the others have none. */
  static final List<String> FILTERS =
      List.of("kind", "speaker", "voices", "topics", "language", "status", "words");

  private final AnnouncementView announcements;
  private final DelegationView delegations;

  RestrictedFold(AnnouncementView announcements, DelegationView delegations) {
    this.announcements = announcements;
    this.delegations = delegations;
  }

  /**
   * A row of the table.
   *
   * @param kept to fold the next event
   * @param body what is answered
   */
  record Row(
      String view,
      String id,
      @Nullable String issuer,
      String kept,
      String body,
      Map<String, Object> filters) {}

  /**
   * What is kept to fold the next event.
   *
   * @param item as the view folds it
   * @param issuer party that may learn of it; null: only who may learn of all
   * @param until RFC 3339 instant at which its embargo ends; null where it has none
   * @param names what its own events call persons and bodies: the open record may not know them
   */
  record Kept(String item, @Nullable String issuer, @Nullable String until, List<Naming> names) {}

  /** An event that cannot be applied to what stands, whatever is tried. */
  static final class Unfoldable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfoldable(String detail, @Nullable Throwable cause) {
      super(detail, cause);
    }
  }

  /**
   * The row after an event; what the row before kept, or null.
   *
   * @throws Unfoldable where it does not follow from that
   */
  Row after(@Nullable String kept, Entry entry) {
    try {
      return switch (entry.service()) {
        case "announcement" -> after(announcements, AnnouncementItem.class, kept, entry);
        case "delegation" -> after(delegations, Delegation.class, kept, entry);
        default -> throw new IllegalStateException("no view of what is restricted in a service");
      };
    } catch (RuntimeException e) {
      throw new Unfoldable("a restricted event does not follow from those before", e);
    }
  }

  private static <T> Row after(View<T> view, Class<T> type, @Nullable String text, Entry entry) {
    Kept before = text == null ? null : Bodies.JSON.readValue(text, Kept.class);
    T item = before == null ? null : Bodies.JSON.readValue(before.item(), type);
    T now = view.evolve(entry.id(), item, entry);
    Map<String, Naming> names = new LinkedHashMap<>();
    if (before != null) {
      before.names().forEach(naming -> names.put(naming.id(), naming));
    }
    NamesView.learn(entry.event(), names);
    Kept kept =
        new Kept(
            Bodies.JSON.writeValueAsString(now),
            issuer(entry.event(), before == null ? null : before.issuer()),
            until(entry.event(), before == null ? null : before.until()),
            List.copyOf(names.values()));
    Map<String, Object> filters = new HashMap<>();
    for (Column<T> column : view.columns()) {
      Object value = column.value().apply(now);
      if (value != null && FILTERS.contains(column.name())) {
        filters.put(column.name(), value);
      }
    }
    return new Row(
        view.table(),
        entry.id(),
        kept.issuer(),
        Bodies.JSON.writeValueAsString(kept),
        body(now, kept),
        filters);
  }

  private static @Nullable String issuer(Event event, @Nullable String before) {
    return switch (event) {
      case AnnouncementPublished e -> e.issuer();
      case DelegationComposed e -> e.party();
      default -> before;
    };
  }

  private static @Nullable String until(Event event, @Nullable String before) {
    return switch (event) {
      case AnnouncementPublished e -> e.dueAt();
      case EmbargoSet e -> e.until();
      default -> before;
    };
  }

  private static String body(Object item, Kept kept) {
    ObjectNode body = (ObjectNode) Bodies.JSON.valueToTree(item);
    unplace(body);
    if (kept.until() != null) {
      body.putNull("published");
      body.put("embargoUntil", kept.until());
    }
    body.set("~names", Bodies.JSON.valueToTree(kept.names()));
    return Bodies.JSON.writeValueAsString(body);
  }

  /** It has no position on the timeline; what a source says stays as it is. */
  private static void unplace(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.of("sequence", "firstSequence")) {
        if (object.has(name)) {
          object.putNull(name);
        }
      }
      new ArrayList<>(object.properties())
          .forEach(
              property -> {
                if (!property.getKey().equals("source")) {
                  unplace(property.getValue());
                }
              });
    } else {
      node.forEach(RestrictedFold::unplace);
    }
  }
}
