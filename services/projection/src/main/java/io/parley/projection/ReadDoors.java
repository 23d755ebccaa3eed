package io.parley.projection;

import static io.parley.journal.reading.Door.To.ANYBODY;
import static io.parley.journal.reading.Door.To.AUDITORS;
import static io.parley.journal.reading.Door.To.OPERATORS;

import io.parley.journal.reading.Door;
import io.parley.journal.reading.Doors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/**
 * Who may ask for what on the read side. The open record is anybody's; what is restricted is added
 * to it item by item for who may know ({@code Sight}, ADR 7).
 */
@Configuration(proxyBeanMethods = false)
class ReadDoors {
  private static final String ONE = "/api/negotiations/{negotiation}";
  private static final String AUDIT = "/api/audit/negotiations/{negotiation}";
  private static final String OPERATIONS = "/api/operations";
  private static final String REBUILD = OPERATIONS + "/projections/records/rebuild";

  @Bean
  Doors recordDoors() {
    return Doors.of(
        Door.get("/api/negotiations", ANYBODY),
        Door.get(ONE, ANYBODY),
        Door.get(ONE + "/delegations", ANYBODY),
        Door.get(ONE + "/delegations/{party}", ANYBODY),
        Door.get(ONE + "/attendance", ANYBODY),
        Door.get(ONE + "/attendance/{person}/dependents", ANYBODY),
        Door.get(ONE + "/schedule", ANYBODY),
        Door.get(ONE + "/meetings/{meeting}", ANYBODY),
        Door.get(ONE + "/conflicts", ANYBODY),
        Door.get(ONE + "/announcements", ANYBODY),
        Door.get(ONE + "/announcements/{announcement}", ANYBODY),
        Door.get(ONE + "/announcements/{announcement}/versions", ANYBODY),
        Door.get(ONE + "/positions", ANYBODY),
        Door.get(ONE + "/proposals", ANYBODY),
        Door.get(ONE + "/claims", ANYBODY),
        Door.get(ONE + "/drafts", ANYBODY),
        Door.get(ONE + "/drafts/{draft}", ANYBODY),
        Door.get(ONE + "/agreements", ANYBODY),
        Door.get(ONE + "/timeline", ANYBODY),
        Door.get(ONE + "/diff", ANYBODY),
        Door.get(ONE + "/schedule.ics", ANYBODY),
        Door.get(ONE + "/announcements.atom", ANYBODY),
        Door.get(ONE + "/events", ANYBODY),
        Door.get("/api/events", ANYBODY),
        Door.get("/api/people/{person}", ANYBODY),
        Door.get("/api/people/{person}/itinerary", ANYBODY),
        Door.get("/api/search", ANYBODY));
  }

  @Bean
  Doors auditDoors() {
    return Doors.of(
        Door.get(AUDIT, AUDITORS),
        Door.get(AUDIT + "/export", AUDITORS),
        Door.get(AUDIT + "/trail", AUDITORS),
        Door.post(AUDIT + "/verify", AUDITORS),
        Door.get("/api/audit/trail", AUDITORS));
  }

  @Bean
  Doors operationsDoors() {
    return Doors.of(
        Door.get(OPERATIONS + "/projections", OPERATORS),
        Door.get(REBUILD, OPERATORS),
        Door.post(REBUILD, OPERATORS),
        Door.of(HttpMethod.DELETE, REBUILD, OPERATORS),
        Door.get(OPERATIONS + "/dead-letters", OPERATORS),
        Door.get(OPERATIONS + "/dead-letters/{id}", OPERATORS),
        Door.post(OPERATIONS + "/dead-letters/{id}/retry", OPERATORS),
        Door.post(OPERATIONS + "/dead-letters/{id}/skip", OPERATORS));
  }

  /** Schemas are of the language, which is public; nothing of what is recorded is in them. */
  @Bean
  Doors registryDoors() {
    return Doors.of(
        Door.get("/schemas/ids/{id}", ANYBODY),
        Door.get("/schemas/ids/{id}/schema", ANYBODY),
        Door.get("/schemas/ids/{id}/versions", ANYBODY),
        Door.get("/schemas/types", ANYBODY),
        Door.get("/subjects", ANYBODY),
        Door.get("/subjects/{subject}/versions", ANYBODY),
        Door.get("/subjects/{subject}/versions/{version}", ANYBODY));
  }
}
