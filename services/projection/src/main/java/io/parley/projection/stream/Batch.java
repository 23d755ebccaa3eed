package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Some consecutive events, matched and encoded: what each event loop hands to its subscribers. The
 * bytes are shared by all of them and released once the last loop is done.
 */
final class Batch {
  /** Several messages are put into one buffer up to this size: one write instead of many. */
  private static final int BUNDLE_BYTES = 64 << 10;

  private final long epoch;
  private final List<Recent.Link> links;
  private final Position after;
  private final Map<FilterClass, List<Recent.Link>> matches = new HashMap<>();
  private final Map<FilterClass, Delivery> deliveries = new HashMap<>();
  private final Map<Shape, ByteBuf> single = new HashMap<>();
  private final AtomicInteger loops = new AtomicInteger(1);

  /** What a message's bytes depend on: two classes with the same share them. */
  private record Shape(StreamEvent event, Scope scope, boolean named) {}

  /**
   * What each subscriber of a class is sent.
   *
   * @param chunks in order; one holds one message or several
   * @param bytes of all chunks
   * @param events how many there are
   */
  record Delivery(List<ByteBuf> chunks, int bytes, int events) {}

  Batch(long epoch, List<Recent.Link> links, Position after) {
    this.epoch = epoch;
    this.links = links;
    this.after = after;
  }

  List<Recent.Link> links() {
    return links;
  }

  /** The hub's position after it. */
  Position after() {
    return after;
  }

  /** Matches every event with every class that there is. */
  void match(Classes classes) {
    for (Recent.Link link : links) {
      StreamEvent event = event(link);
      classes.each(
          event,
          type -> {
            if (type.matches(event)) {
              matches.computeIfAbsent(type, any -> new ArrayList<>()).add(link);
            }
          });
    }
  }

  /** Matches anew with a class that may have come while the others were matched. */
  void match(FilterClass type) {
    List<Recent.Link> wanted = links.stream().filter(link -> type.matches(event(link))).toList();
    if (wanted.isEmpty()) {
      matches.remove(type);
    } else {
      matches.put(type, wanted);
    }
  }

  /** Makes the bytes. */
  void encode() {
    matches.forEach(
        (type, wanted) -> {
          List<ByteBuf> chunks = encode(type, wanted);
          int bytes = chunks.stream().mapToInt(ByteBuf::readableBytes).sum();
          deliveries.put(type, new Delivery(chunks, bytes, wanted.size()));
        });
    matches.clear();
  }

  private List<ByteBuf> encode(FilterClass type, List<Recent.Link> wanted) {
    if (wanted.size() == 1) {
      Recent.Link link = wanted.getFirst();
      ByteBuf message =
          single.computeIfAbsent(
              new Shape(event(link), type.scope(), type.named()),
              shape -> type.message(epoch, shape.event(), link.after()));
      return List.of(message.retain());
    }
    List<ByteBuf> bundles = new ArrayList<>();
    Chunk bundle = null;
    for (Recent.Link link : wanted) {
      StreamEvent.Content content = event(link).content();
      byte[] cursor = Cursor.encode(epoch, type.scope(), link.after());
      int length = Chunk.length(cursor.length, content);
      if (bundle != null && bundle.length() + length > BUNDLE_BYTES) {
        bundles.add(bundle.end());
        bundle = null;
      }
      if (bundle == null) {
        bundle = new Chunk(Math.max(length, Math.min(BUNDLE_BYTES, length * wanted.size())));
      }
      bundle.event(cursor, type.named(), content);
    }
    if (bundle != null) {
      bundles.add(bundle.end());
    }
    return bundles;
  }

  /** What the subscribers of each class are sent, in order. */
  Map<FilterClass, Delivery> deliveries() {
    return deliveries;
  }

  /** One more loop has it. */
  void retain() {
    loops.incrementAndGet();
  }

  /** A loop is done with it, or its maker is. */
  void release() {
    if (loops.decrementAndGet() == 0) {
      deliveries.values().forEach(each -> each.chunks().forEach(ByteBuf::release));
      single.values().forEach(ByteBuf::release);
    }
  }

  private static StreamEvent event(Recent.Link link) {
    if (link.event() == null) {
      throw new IllegalStateException("only the chain's start has no event");
    }
    return link.event();
  }
}
