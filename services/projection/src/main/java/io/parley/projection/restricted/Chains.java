package io.parley.projection.restricted;

import io.parley.schemas.Event;
import io.parley.schemas.wire.RestrictedChain;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The restricted events of a negotiation in one topic, while they are read from the first: the
 * chain of each item, and the head of them all.
 */
public final class Chains {
  private static final Item NOTHING = new Item(RestrictedChain.START, false);

  private final Map<String, Item> items = new HashMap<>();
  private String head = RestrictedChain.START;
  private long events;

  /**
   * What stands of an item.
   *
   * @param said whether a hash stood beside one of its events
   */
  private record Item(String hash, boolean said) {}

  /**
   * An event in its item's chain.
   *
   * @param hash what its hash must be
   * @param holds whether that stands beside it; also where none does, if none did before: then it
   *     was recorded before hashes were
   */
  public record Link(String hash, boolean holds) {}

  /**
   * Goes on to the next event.
   *
   * @param recordedMillis time of its Kafka record
   * @param framed its bytes as they were published
   * @param said the hash that stands beside it; null where none does
   */
  public Link next(Event event, long recordedMillis, byte[] framed, @Nullable String said) {
    String aggregate = event.header().aggregate();
    Item before = items.getOrDefault(aggregate, NOTHING);
    String hash = RestrictedChain.next(before.hash(), recordedMillis, event.type(), framed);
    items.put(aggregate, new Item(hash, said != null || before.said()));
    head = RestrictedChain.head(head, hash);
    events++;
    return new Link(hash, said == null ? !before.said() : said.equals(hash));
  }

  /** Where the events so far end. */
  public RestrictedHead head() {
    return new RestrictedHead(events, head);
  }

  /** The hash that stands beside an event; null where none does. */
  public static @Nullable String said(Headers headers) {
    Header said = headers.lastHeader(RestrictedChain.HEADER);
    return said == null ? null : new String(said.value(), StandardCharsets.UTF_8);
  }
}
