package io.parley.projection.read;

/**
 * The prefix of one negotiation's timeline that a read is about. Resolved once for each read:
 * everything in the answer is as of this.
 *
 * @param negotiation negotiation
 * @param sequence last sequence number of the prefix, 1 or more
 */
public record Moment(String negotiation, long sequence) {}
