package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A desk with something open on record and then something restricted: two announcements under
 * embargo, one of them corrected, and a roster that is not announced.
 */
final class RestrictedDesk implements AutoCloseable {
  static final String N = "ankara-2026";
  static final String BASE = "/api/negotiations/" + N;
  static final String WORD = "xyzzyquux";
  static final String DUE = "2099-01-01T00:00:00Z";

  /** Nothing of these may be found anywhere. */
  static final List<String> SECRETS =
      List.of(WORD, "ru-secret", "editors-secret", "hidden-envoy", "restricted-a", "restricted-d");

  final DeskProcess desk;
  final String editor;
  final String ru;
  final String ua;
  final String auditor;

  /** Nobody, and people without the right. */
  final List<String> outsiders;

  private final Path directory;
  private String secretToken = "";
  private String rosterToken = "";
  private String editorsToken = "";
  private String secretCommand = "";

  private RestrictedDesk(Path directory) throws Exception {
    this.directory = directory;
    this.desk = DeskProcess.start(directory.resolve("data"));
    this.editor = desk.token("editor");
    this.ru = desk.token("party:" + N + "/ru");
    this.ua = desk.token("party:" + N + "/ua");
    this.auditor = desk.token("auditor");
    this.outsiders =
        List.of("", desk.token("reader"), desk.token("operator"), ua, desk.token("party:other/ru"));
  }

  /** With what is open on record alone. */
  static RestrictedDesk open() throws Exception {
    RestrictedDesk desk = new RestrictedDesk(Files.createTempDirectory("parley-restricted"));
    desk.recordOpen();
    return desk;
  }

  String secretToken() {
    return secretToken;
  }

  String rosterToken() {
    return rosterToken;
  }

  String editorsToken() {
    return editorsToken;
  }

  String secretCommand() {
    return secretCommand;
  }

  private void recordOpen() throws IOException {
    accepted(
        editor,
        "schedule",
        """
        {"type":"ConveneNegotiation","negotiation":"%s","title":"Talks","parties":[
        {"party":"ru","name":"Russia","role":"PRINCIPAL"},{"party":"ua","name":"Ukraine","role":"PRINCIPAL"},
        {"party":"us","name":"US","role":"OBSERVER"}],%s}""");
    awaitPublic(BASE);
    announce(ru, "ru-open", "An open word.", "");
    JsonNode open =
        accepted(
            ua,
            "delegation",
            """
            {"type":"ComposeDelegation","negotiation":"%s","party":"ua","roster":"PARTIAL",%s}""");
    assertThat(desk.after(BASE, open.get("token").asString()).status()).isEqualTo(200);
    awaitPublic(BASE + "/announcements/ru-open");
  }

  /** Puts what is restricted on record, as a party and as an editor do; waits until it is read. */
  void recordRestricted() throws IOException {
    JsonNode secret =
        announce(
            ru,
            "ru-secret",
            "The " + WORD + " text.",
            ",\"embargoUntil\":\"" + DUE + "\",\"topics\":[\"" + WORD + "\"]");
    secretCommand = secret.get("commandId").asString();
    assertThat(secret.get("version").asInt()).isEqualTo(1);
    secretToken =
        accepted(
                ru,
                "announcement",
                """
                {"type":"CorrectAnnouncement","negotiation":"%s","announcement":"ru-secret","corrects":1,
                "text":"The WORD text, corrected.","note":"misheard",%s}"""
                    .replace("WORD", WORD))
            .get("token")
            .asString();
    editorsToken =
        announce(
                editor,
                "editors-secret",
                "Another " + WORD + " text.",
                ",\"embargoUntil\":\"" + DUE + "\"")
            .get("token")
            .asString();
    rosterToken =
        accepted(
                ru,
                "delegation",
                """
                {"type":"ComposeDelegation","negotiation":"%s","party":"ru","roster":"PARTIAL",
                "head":{"id":"hidden-envoy","name":"Hidden Envoy"},"published":false,%s}""")
            .get("token")
            .asString();
    assertThat(secretToken).isEqualTo("announcement/" + N + "/restricted-announcement:ru-secret@2");
    assertThat(read(editor, BASE, secretToken, editorsToken, rosterToken).status()).isEqualTo(200);
  }

  /** Reads a path with a token, or with none, once what the other tokens name is known there. */
  Reply read(String token, String path, String... after) throws IOException {
    List<String> headers = new ArrayList<>();
    if (!token.isEmpty()) {
      headers.addAll(List.of("Authorization", "Bearer " + token));
    }
    if (after.length > 0) {
      headers.addAll(List.of("Parley-After", String.join(",", after)));
    }
    return desk.get(path, headers.toArray(new String[0]));
  }

  /** Everything that an answer says, but what is new in every answer. */
  static String all(Reply reply) {
    return (reply.status() + " " + new TreeMap<>(reply.headers().map()) + " " + reply.body())
        .replaceAll("\"(traceId|commandId)\":\"[^\"]*\"", "");
  }

  static List<String> ids(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return SharedDesk.texts(reply.json().get("items"), "/announcement");
  }

  JsonNode announce(String token, String id, String text, String more) throws IOException {
    return accepted(
        token,
        "announcement",
        "{\"type\":\"PublishAnnouncement\",\"negotiation\":\"%s\",\"announcement\":\""
            + id
            + "\",\"kind\":\"STATEMENT\",\"speaker\":\"somebody\",\"text\":\""
            + text
            + "\",\"language\":\"en\""
            + more
            + ",%s}");
  }

  static String filled(String command) {
    return command.formatted(
        N,
        """
        "source":{"chain":[{"name":"The Gazette","role":"PUBLISHER"}],"url":"https://example.org/x"}""");
  }

  /** Sends until it is known what it refers to: the services learn of each other after a moment. */
  JsonNode accepted(String token, String service, String command) throws IOException {
    Reply reply = desk.postAs(token, service, filled(command));
    for (int i = 0; i < 200 && reply.status() != 201; i++) {
      assertThat(reply.body()).contains("NEGOTIATION_NOT_FOUND");
      reply = desk.postAs(token, service, filled(command));
    }
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.json();
  }

  /** The answer without what is new in every answer. */
  String refused(String token, String service, String command, String ifMatch) throws IOException {
    Reply reply = desk.postAs(token, service, filled(command), "If-Match", ifMatch);
    assertThat(reply.status()).as(reply.body()).isBetween(400, 499);
    return all(reply).replaceAll("\\s", "");
  }

  /** Waits until everybody may read a path. */
  void awaitPublic(String path) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (desk.get(path).status() != 200) {
      assertThat(System.nanoTime()).as("%s in time", path).isLessThan(end);
    }
  }

  @Override
  public void close() throws IOException {
    desk.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
