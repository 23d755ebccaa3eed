package io.parley.projection.shape;

import io.parley.schemas.Actor;
import io.parley.schemas.Person;
import org.jspecify.annotations.Nullable;

/**
 * A person, a party or a body. Rows keep the id alone: the reading half puts in the name that was
 * the newest at the moment that is asked for, so that a name which comes later reaches every item.
 *
 * @param id slug
 * @param name display name; the id until a name comes
 * @param office office, where one was given
 */
public record Named(String id, @Nullable String name, @Nullable String office) {
  /** A person. */
  public static Named of(Person person) {
    return new Named(person.id(), null, null);
  }

  /** A person, if there is one. */
  public static @Nullable Named ofNullable(@Nullable Person person) {
    return person == null ? null : of(person);
  }

  /** Who speaks. */
  public static Named of(Actor actor) {
    return new Named(actor.id(), null, null);
  }

  /** Who speaks, if anybody is named. */
  public static @Nullable Named ofNullable(@Nullable Actor actor) {
    return actor == null ? null : of(actor);
  }
}
