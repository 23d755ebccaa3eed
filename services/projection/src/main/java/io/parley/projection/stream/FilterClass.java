package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;

/**
 * Subscribers who are sent the same bytes. An event is matched once for all of them.
 *
 * @param named whether events are named
 */
record FilterClass(Filter filter, Scope scope, boolean named) {
  /** Whether it may match, as far as can be told without decoding the event. */
  boolean mayMatch(StreamEvent event) {
    return scope.has(event.partition()) && filter.mayMatch(event);
  }

  boolean matches(StreamEvent event) {
    return scope.has(event.partition()) && filter.matches(event);
  }

  /** The event's message, with the cursor of somebody who has received everything before it. */
  ByteBuf message(long epoch, StreamEvent event, Position after) {
    byte[] cursor = Cursor.encode(epoch, scope, after);
    StreamEvent.Content content = event.content();
    return new Chunk(Chunk.length(cursor.length, content)).event(cursor, named, content).end();
  }
}
