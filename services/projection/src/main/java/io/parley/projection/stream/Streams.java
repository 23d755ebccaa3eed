package io.parley.projection.stream;

import org.springframework.stereotype.Component;

/** What a subscriber is made of, beside its connection. */
@Component
record Streams(
    Hub hub, History history, Pages pages, StreamProperties properties, StreamMetrics metrics) {
  /** Gives back what a subscription holds. */
  void release(Subscription subscription) {
    if (subscription.format() == Subscription.Format.SSE) {
      hub.release(subscription.type());
    }
    subscription.ticket().giveBack();
  }
}
