package io.parley.projection.names;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an id is called in a negotiation.
 *
 * @param id slug of a person, a party, a body or a place
 * @param name the newest name given; null while only an office or aliases are known
 * @param office the newest office given
 * @param aliases older names and other spellings, oldest first
 */
public record Naming(
    String id, @Nullable String name, @Nullable String office, List<String> aliases) {}
