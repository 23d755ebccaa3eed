package io.parley.schemas.wire;

import io.parley.schemas.AuditAct;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeQuery;
import io.parley.schemas.Tick;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.announcement.Announcement;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.schedule.Schedule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema that may stand on a topic, by id and by subject (its full record name).
 *
 * <p>An id is made from the schema itself: the first 31 bits of the SHA-256 of its parsing
 * canonical form. So it is the same in every build and on every machine, and data that was written
 * stays readable (ADR 3).
 */
public final class SchemaCatalog {
  private static final SchemaCatalog BUILT_IN =
      new SchemaCatalog(Stream.concat(Releases.builtIn().stream(), current()));

  private final Map<Integer, Schema> byId = new TreeMap<>();
  private final Map<String, List<Schema>> bySubject = new TreeMap<>();

  /**
   * A catalog of these.
   *
   * @param schemas of each subject the oldest first; one whose canonical form was there before is
   *     the same version
   */
  SchemaCatalog(Stream<Schema> schemas) {
    schemas.forEach(
        schema -> {
          Schema other = byId.putIfAbsent(id(schema), schema);
          if (other == null) {
            bySubject
                .computeIfAbsent(schema.getFullName(), subject -> new ArrayList<>())
                .add(schema);
          } else if (!canonical(other).equals(canonical(schema))) {
            throw new IllegalStateException(
                "schema id "
                    + id(schema)
                    + " stands for both "
                    + other.getFullName()
                    + " and "
                    + schema.getFullName());
          }
        });
  }

  /** The released schemas, and those of this build. */
  public static SchemaCatalog builtIn() {
    return BUILT_IN;
  }

  /** The id under which records of this schema are framed. */
  public static int id(Schema schema) {
    byte[] digest = Sha256.begin().digest(canonical(schema).getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getInt() & Integer.MAX_VALUE;
  }

  private static String canonical(Schema schema) {
    return SchemaNormalization.toParsingForm(schema);
  }

  /** The schema of this id. */
  public Optional<Schema> byId(int id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The subjects: full record names, sorted. */
  public List<String> subjects() {
    return List.copyOf(bySubject.keySet());
  }

  /** The versions of a subject, oldest first; empty where the subject is unknown. */
  public List<Schema> versions(String subject) {
    return Collections.unmodifiableList(bySubject.getOrDefault(subject, List.of()));
  }

  private static Stream<Schema> current() {
    return Stream.of(
            Schedule.COMMAND_SCHEMAS,
            Schedule.EVENT_SCHEMAS,
            Delegation.COMMAND_SCHEMAS,
            Delegation.EVENT_SCHEMAS,
            Announcement.COMMAND_SCHEMAS,
            Announcement.EVENT_SCHEMAS,
            List.of(
                OutcomeQuery.SCHEMA$,
                CommandOutcome.SCHEMA$,
                Tick.SCHEMA$,
                TimelineEntry.SCHEMA$,
                AuditAct.SCHEMA$))
        .flatMap(List::stream);
  }
}
