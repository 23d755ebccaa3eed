package io.parley.projection.restricted;

/**
 * Where the restricted events of a negotiation in one topic end.
 *
 * @param events how many there are
 * @param hash head of them all ({@link io.parley.schemas.wire.RestrictedChain#head}), hexadecimal
 */
public record RestrictedHead(long events, String hash) {}
