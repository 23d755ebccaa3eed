/**
 * The timeline as it grows: subscriptions, and bounded replays (architecture 8). No database on
 * this path, no consumer for each subscriber: one {@link io.parley.projection.stream.Hub} tails the
 * timeline and encodes each event once.
 */
@NullMarked
package io.parley.projection.stream;

import org.jspecify.annotations.NullMarked;
