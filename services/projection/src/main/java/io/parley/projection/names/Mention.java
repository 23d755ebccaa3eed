package io.parley.projection.names;

import io.parley.projection.shape.Parts;
import io.parley.schemas.Actor;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.schedule.Alias;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyAdded;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * That an event names somebody or something by id. What sources call somebody is theirs and does
 * not count.
 *
 * @param name name given with it
 * @param office office given with it
 * @param aliases other spellings given for it
 */
public record Mention(
    String id, Sort sort, @Nullable String name, @Nullable String office, List<String> aliases) {

  /** As what an id is named; a later constant says more than an earlier one. */
  public enum Sort {
    /** As something that has other spellings. */
    ALIAS,
    PLACE,
    /** As somebody who speaks or acts: a person, a party or a body. */
    SPEAKER,
    PERSON,
    PARTY
  }

  private static final Parts NAMED =
      Parts.of(
          List.of(
              Person.class, Actor.class, Place.class, Party.class, Alias.class, PartyAdded.class));

  /** Everything that is named in an event, or in a value of one. */
  public static void each(@Nullable Object value, Consumer<Mention> found) {
    NAMED.in(value, part -> part(part, found));
  }

  private static void part(SpecificRecord part, Consumer<Mention> found) {
    switch (part) {
      case Person person ->
          found.accept(
              new Mention(person.id(), Sort.PERSON, person.name(), person.office(), List.of()));
      case Actor actor ->
          found.accept(
              new Mention(actor.id(), Sort.SPEAKER, actor.name(), actor.office(), List.of()));
      case Place place -> {
        found.accept(new Mention(place.id(), Sort.PLACE, place.name(), null, List.of()));
        each(place.within(), found);
      }
      case Party party ->
          found.accept(new Mention(party.party(), Sort.PARTY, party.name(), null, List.of()));
      case Alias alias -> {
        if (alias.id() != null) {
          found.accept(new Mention(alias.id(), Sort.ALIAS, null, null, List.copyOf(alias.names())));
        }
      }
      case PartyAdded added -> {
        found.accept(new Mention(added.party(), Sort.PARTY, added.name(), null, List.of()));
        NAMED.inside(added, inner -> part(inner, found));
      }
      default -> throw new IllegalStateException(part.getClass().getName() + " is not sought");
    }
  }
}
