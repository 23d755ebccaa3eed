package io.parley.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The write side of the HTTP contract, over a real broker: what is accepted, what is refused, and
 * how it says so.
 */
class CommandsOverHttpTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SOURCE =
      "\"source\":{\"chain\":[{\"name\":\"A report\",\"role\":\"PUBLISHER\"}]}";

  @TempDir static Path data;
  private static ScheduleServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ScheduleServer(data);
    HttpResponse<String> convened =
        server.command(
            """
            {"type":"ConveneNegotiation","negotiation":"talks","title":"The talks",
             "parties":[{"party":"ru","name":"Russia","role":"PRINCIPAL"},{"party":"ua","name":"Ukraine","role":"PRINCIPAL"}]}
            """);
    assertThat(convened.statusCode()).as(convened.body()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode body(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static String meeting(String id, String more) {
    return "{\"type\":\"ScheduleMeeting\",\"negotiation\":\"talks\",\"meeting\":\""
        + id
        + "\",\"title\":\"Opening\",\"kind\":\"SESSION\",\"format\":\"DIRECT\",\"place\":\"istanbul\","
        + SOURCE
        + more
        + "}";
  }

  private static String open(String id) {
    return "{\"type\":\"OpenMeeting\",\"negotiation\":\"talks\",\"meeting\":\""
        + id
        + "\","
        + SOURCE
        + "}";
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = body(response);
    assertThat(problem.path("code").asString("")).as(response.body()).isEqualTo(code);
    assertThat(problem.path("status").asInt(0)).isEqualTo(status);
    assertThat(List.of("type", "title", "detail", "traceId"))
        .allMatch(name -> !problem.path(name).asString("").isBlank());
  }

  @Test
  void anAcceptedCommandTellsItsEventVersionAndToken() throws Exception {
    HttpResponse<String> response =
        server.command(meeting("accepted", ",\"start\":{\"edtf\":\"2025-05-15\"}"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(response.headers().firstValue("Parley-Token"))
        .contains("schedule/talks/meeting:accepted@1");
    assertThat(response.headers().firstValue("Location"))
        .contains("/api/negotiations/talks/meetings/accepted");
    JsonNode body = body(response);
    assertThat(body.path("token").asString("")).isEqualTo("schedule/talks/meeting:accepted@1");
    assertThat(body.path("events").path(0).path("type").asString("")).isEqualTo("MeetingScheduled");
    assertThat(body.path("version").asInt(0)).isEqualTo(1);
    JsonNode later = body(server.get("/api/commands/" + body.path("commandId").asString("")));
    assertThat(later.path("token")).isEqualTo(body.path("token"));
    assertThat(later.path("status").asInt(0)).isEqualTo(201);
  }

  @Test
  void aCommandThatChangesNothingIs200WithNoEvents() throws Exception {
    HttpResponse<String> response =
        server.command(
            "{\"type\":\"AddParty\",\"negotiation\":\"talks\",\"party\":\"ru\",\"name\":\"Russia\",\"role\":\"PRINCIPAL\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(body(response).path("events").size()).isZero();
  }

  @Test
  void unknownFieldsAndWrongTypesAreNamedWithTheirPlaces() throws Exception {
    HttpResponse<String> response =
        server.command(
            meeting(
                "wrong",
                ",\"colour\":\"red\",\"participants\":\"ru\",\"start\":{\"edtf\":\"yesterday\"}"));
    assertProblem(response, 400, "INVALID_REQUEST");
    assertThat(
            body(response)
                .path("errors")
                .valueStream()
                .map(error -> error.path("pointer").asString("")))
        .containsExactlyInAnyOrder("/colour", "/participants", "/start/edtf");
  }

  @Test
  void anUnknownTypeAnIllegalIdAndAMissingSourceAre400() throws Exception {
    assertProblem(
        server.command("{\"type\":\"Dance\",\"negotiation\":\"talks\"}"), 400, "INVALID_REQUEST");
    assertProblem(server.command(meeting("Not-A-Slug", "")), 400, "INVALID_REQUEST");
    HttpResponse<String> noSource =
        server.command("{\"type\":\"OpenMeeting\",\"negotiation\":\"talks\",\"meeting\":\"x\"}");
    assertProblem(noSource, 400, "INVALID_REQUEST");
    assertThat(body(noSource).path("errors").path(0).path("pointer").asString(""))
        .isEqualTo("/source");
  }

  @Test
  void brokenJsonSaysWhere() throws Exception {
    HttpResponse<String> response =
        server.command("{\"type\":\"OpenMeeting\",\n \"negotiation\" \"talks\"}");
    assertProblem(response, 400, "UNREADABLE");
    assertThat(body(response).path("detail").asString("")).contains("line 2");
    assertProblem(server.command(""), 400, "UNREADABLE");
    assertProblem(server.command("[]"), 400, "UNREADABLE");
  }

  @Test
  void anOversizedBodyIs413AndAnotherMediaType415() throws Exception {
    assertProblem(
        server.command(meeting("big", ",\"x\":\"" + "x".repeat(1 << 20) + "\"")), 413, "TOO_LARGE");
    assertProblem(server.post("text/plain", "hello"), 415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void unknownNegotiationsAndMeetingsAre404() throws Exception {
    assertProblem(
        server.command(open("x").replace("\"talks\"", "\"nowhere\"")),
        404,
        "NEGOTIATION_NOT_FOUND");
    assertProblem(server.command(open("nothing")), 404, "MEETING_NOT_FOUND");
    assertProblem(server.get("/api/commands/schedule.talks.0123"), 404, "COMMAND_NOT_FOUND");
  }

  @Test
  void rule18_anIllegalMoveIsRefusedWithTheStateItWasTriedFrom() throws Exception {
    server.command(meeting("moves", ""));
    server.command(open("moves"));
    HttpResponse<String> again = server.command(open("moves"));
    assertProblem(again, 409, "ILLEGAL_MOVE");
    assertThat(body(again).path("rule").asInt(0)).isEqualTo(18);
    assertThat(body(again).path("detail").asString("")).contains("OPEN");
  }

  @Test
  void anotherVersionThanExpectedIs412WithTheCurrentOne() throws Exception {
    server.command(meeting("versioned", ""));
    HttpResponse<String> response = server.command(open("versioned"), "If-Match", "\"7\"");
    assertProblem(response, 412, "VERSION_MISMATCH");
    assertThat(body(response).path("current").asInt(0)).isEqualTo(1);
    assertProblem(server.command(open("versioned"), "If-Match", "seven"), 400, "INVALID_IF_MATCH");
    assertThat(server.command(open("versioned"), "If-Match", "\"1\"").statusCode()).isEqualTo(201);
  }

  @Test
  void rule26_theSameKeyGivesTheFirstAnswerAndAnotherBodyIsRefused() throws Exception {
    HttpResponse<String> first = server.command(meeting("keyed", ""), "Idempotency-Key", "k-1");
    HttpResponse<String> again =
        server.command(" " + meeting("keyed", ""), "Idempotency-Key", "k-1");
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertProblem(
        server.command(meeting("other", ""), "Idempotency-Key", "k-1"), 422, "KEY_REUSED");
    assertProblem(server.command(open("other")), 404, "MEETING_NOT_FOUND");
    assertProblem(
        server.command(open("x"), "Idempotency-Key", "k".repeat(129)), 400, "INVALID_KEY");
  }

  @Test
  void aTokenThatIsNotMetIs503AndNothingIsWritten() throws Exception {
    HttpResponse<String> response =
        server.command(meeting("late", ""), "Parley-After", "delegation/talks/delegation:ru@1");
    assertProblem(response, 503, "NOT_YET_KNOWN");
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertProblem(server.command(open("late")), 404, "MEETING_NOT_FOUND");
    assertProblem(
        server.command(meeting("late", ""), "Parley-After", "delegation/elsewhere/delegation:ru@1"),
        400,
        "TOKEN_OF_ANOTHER_NEGOTIATION");
    assertProblem(
        server.command(meeting("late", ""), "Parley-After", "nonsense"), 400, "INVALID_TOKEN");
    assertThat(
            server
                .command(meeting("late", ""), "Parley-After", "schedule/talks/negotiation:talks@1")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void withoutATokenItIs401AndWithoutTheRole403() throws Exception {
    assertProblem(server.command(open("x"), "Authorization", ""), 401, "NO_CREDENTIALS");
    assertProblem(
        server.command(open("x"), "Authorization", "Bearer nonsense"), 401, "INVALID_CREDENTIALS");
    assertProblem(
        server.command(
            open("x"),
            "Authorization",
            "Bearer " + ScheduleServer.token(server.key(), Instant.EPOCH, "editor")),
        401,
        "INVALID_CREDENTIALS");
    var otherKey = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
    String forged = ScheduleServer.token(otherKey, Instant.now().plusSeconds(60), "editor");
    assertProblem(
        server.command(open("x"), "Authorization", "Bearer " + forged), 401, "INVALID_CREDENTIALS");
    assertProblem(
        server.command(open("x"), "Authorization", "Bearer " + server.token("reader")),
        403,
        "FORBIDDEN");
    // A party records what is its own, and nothing of the schedule is.
    assertProblem(
        server.command(open("x"), "Authorization", "Bearer " + server.token("party:talks/ru")),
        403,
        "FORBIDDEN");
  }

  @Test
  void inAStreamABadLineIsAnsweredInItsPlaceAndTheRestGoesOn() throws Exception {
    String lines =
        String.join(
            "\n",
            meeting("s-1", "").replace("\n", ""),
            "{\"type\":",
            "",
            meeting("s-2", ",\"x\":\"" + "x".repeat(1 << 20) + "\""),
            open("s-1"),
            meeting("s-3", ",\"ifMatch\":5"),
            meeting("s-4", ",\"key\":\"stream-4\""));
    HttpResponse<String> response = server.post("application/x-ndjson", lines);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/x-ndjson");
    List<JsonNode> results =
        response.body().lines().map(JSON::readTree).map(JsonNode.class::cast).toList();
    assertThat(results.stream().map(result -> result.path("line").asInt(0)))
        .containsExactly(1, 2, 4, 5, 6, 7);
    assertThat(results.stream().map(result -> result.path("status").asInt(0)))
        .as(response.body())
        .containsExactly(201, 400, 413, 201, 412, 201);
  }

  @Test
  void paths_thatAreNotThereAnswerWithAProblem() throws Exception {
    assertProblem(server.get("/api/nothing"), 404, "NOT_FOUND");
    assertProblem(server.get("/api/schedule/commands"), 405, "METHOD_NOT_ALLOWED");
  }
}
