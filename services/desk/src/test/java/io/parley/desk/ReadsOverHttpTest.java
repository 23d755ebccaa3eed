package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static io.parley.desk.SharedDesk.N;
import static io.parley.desk.SharedDesk.PATHS;
import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What clients are answered that ask wrongly, ask again, wait, or turn pages. */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class ReadsOverHttpTest {
  private final DeskProcess desk;
  private final SharedDesk shared;

  ReadsOverHttpTest(SharedDesk shared) {
    this.shared = shared;
    this.desk = shared.process();
  }

  @Test
  void whatIsNotThereIs404() throws IOException {
    assertThat(problem(404, "/api/negotiations/geneva-2025")).isEqualTo("NEGOTIATION_NOT_FOUND");
    assertThat(problem(404, "/api/negotiations/geneva-2025/timeline"))
        .isEqualTo("NEGOTIATION_NOT_FOUND");
    assertThat(problem(404, BASE + "/meetings/closing")).isEqualTo("MEETING_NOT_FOUND");
    assertThat(problem(404, BASE + "/announcements/none")).isEqualTo("ANNOUNCEMENT_NOT_FOUND");
    assertThat(problem(404, BASE + "/delegations/fr")).isEqualTo("DELEGATION_NOT_FOUND");
    String audited = "/api/audit/negotiations/geneva-2025";
    assertThat(code(404, audited, desk.audit(audited))).isEqualTo("NEGOTIATION_NOT_FOUND");
    assertThat(problem(404, "/no/such/path")).isEqualTo("NOT_FOUND");
    for (String before : List.of("0", "2025-05-14T12:00:00Z", "1970-01-01T00:00:00%2B02:00")) {
      assertThat(problem(404, BASE + "/schedule?asOf=" + before))
          .isEqualTo("NEGOTIATION_NOT_FOUND");
    }
  }

  @Test
  void whatCannotBeReadIs400AndNamesTheParameter() throws IOException {
    for (String query :
        List.of(
            "asOf=yesterday",
            "asOf=",
            "asOf=-1",
            "asOf=1&asOf=2",
            "asOf=%2B999999999-12-31T23:59:59Z",
            "asOf=+999999999-12-31T23:59:59Z",
            "asOf=-999999999-01-01T00:00:00Z",
            "limit=0",
            "limit=1001",
            "limit=many",
            "cursor=x",
            "cursor=" + cursor("opening"),
            "from=1e9",
            "to=%2B12345-01-01T00:00:00Z",
            "type=Nothing",
            "colour=red",
            "from=%00")) {
      Reply reply = desk.get(BASE + "/timeline?" + query);
      assertThat(code(400, query, reply)).isEqualTo("INVALID_REQUEST");
      assertThat(text(reply.json(), "/errors/0/pointer"))
          .isEqualTo(query.substring(0, query.indexOf('=')));
    }
    assertThat(problem(400, "/api/negotiations?asOf=5")).isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, "/api/negotiations?asOf=%2B999999999-12-31T23:59:59Z"))
        .isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, BASE + "/announcements?kind=RUMOUR")).isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, BASE + "/schedule?at=in+May")).isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, BASE + "/schedule?limit=3")).isEqualTo("INVALID_REQUEST");
  }

  /** The cursor of a page of seven, and the same where somebody has put another key into it. */
  @Test
  void aForgedCursorIs400() throws IOException {
    String path = BASE + "/timeline?limit=7";
    String next = text(desk.get(path).json(), "/next");
    String[] parts =
        new String(Base64.getUrlDecoder().decode(next), StandardCharsets.UTF_8).split("\n", -1);
    for (String key : List.of("x", "", "99999999999999999999", "7;", "\0")) {
      parts[2] = key;
      assertThat(problem(400, path + "&cursor=" + encoded(String.join("\n", parts))))
          .isEqualTo("INVALID_REQUEST");
    }
    String diff = BASE + "/diff?from=0&limit=1";
    String[] item =
        new String(
                Base64.getUrlDecoder().decode(text(desk.get(diff).json(), "/next")),
                StandardCharsets.UTF_8)
            .split("\n", -1);
    item[2] = "\0";
    assertThat(problem(400, diff + "&cursor=" + encoded(String.join("\n", item))))
        .isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, BASE + "/announcements?cursor=" + next)).isEqualTo("INVALID_REQUEST");
    assertThat(problem(400, path + "&from=3&cursor=" + next)).isEqualTo("INVALID_REQUEST");
  }

  @Test
  void whatIsUnchangedIs304() throws IOException {
    for (String path : PATHS) {
      String tag = desk.get(path).header("ETag");
      assertThat(tag).as(path).matches("\"[^\"]+\"");
      Reply unchanged = desk.get(path, "If-None-Match", "\"other\", W/" + tag);
      assertThat(unchanged.status()).as(path).isEqualTo(304);
      assertThat(unchanged.body()).isEmpty();
      assertThat(unchanged.header("ETag")).isEqualTo(tag);
      assertThat(desk.get(path, "If-None-Match", "\"other\"").status()).isEqualTo(200);
      String sequence = desk.get(path).header("Parley-Sequence");
      // A difference is as of the later of its two moments.
      String asked = path.replaceFirst(".*[?&]to=([0-9]+).*", "$1");
      assertThat(sequence)
          .isEqualTo(asked.equals(path) ? String.valueOf(shared.length() + 2) : asked);
    }
    String now = desk.get(BASE + "/meetings/opening").header("ETag");
    Reply then = desk.get(BASE + "/meetings/opening?asOf=" + shared.length());
    assertThat(then.header("ETag")).isNotEqualTo(now);
  }

  @Test
  void aReadWaitsForWhatItIsToldOfAndSaysWhenThatDoesNotCome() throws IOException {
    String known = "schedule/" + N + "/meeting:opening@2";
    assertThat(desk.get(BASE, "Parley-After", known).status()).isEqualTo(200);
    Reply many = desk.get(BASE, "Parley-After", String.join(",", Collections.nCopies(51, known)));
    assertThat(code(400, "51 tokens, at most 50", many)).isEqualTo("TOO_MANY_TOKENS");
    String never = "schedule/" + N + "/meeting:opening@99";
    long begun = System.nanoTime();
    Reply waited = desk.get(BASE, "Parley-After", known + ", " + never);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    assertThat(code(503, never, waited)).isEqualTo("NOT_YET_KNOWN");
    assertThat(waited.header("Retry-After")).matches("[1-9][0-9]*");
    assertThat(millis).isBetween(4_900L, 60_000L);
    for (String unreadable : List.of("x", ",", "schedule/geneva-2025/meeting:opening@1")) {
      assertThat(desk.get(BASE, "Parley-After", unreadable).status()).isEqualTo(400);
    }
  }

  @Test
  void pagesHoldEverythingInOrderAndNothingTwice() throws IOException {
    List<JsonNode> whole = pages(desk, BASE + "/timeline", 1000);
    assertThat(whole).hasSize(shared.length() + 2);
    assertThat(pages(desk, BASE + "/timeline", 7)).isEqualTo(whole);
    assertThat(pages(desk, BASE + "/timeline?type=AnnouncementPublished", 1))
        .isEqualTo(pages(desk, BASE + "/timeline?type=AnnouncementPublished", 100));
    assertThat(pages(desk, BASE + "/announcements", 3))
        .isEqualTo(pages(desk, BASE + "/announcements", 100));
    assertThat(pages(desk, BASE + "/delegations", 1)).hasSize(2);
    assertThat(pages(desk, BASE + "/timeline?from=10&to=12", 2)).isEqualTo(whole.subList(9, 12));
  }

  @Test
  void everyMethodIsAnswered() throws IOException {
    for (String path : PATHS) {
      assertThat(desk.ask("HEAD", path).status()).as(path).isEqualTo(200);
      assertThat(desk.ask("HEAD", path).body()).isEmpty();
      assertThat(desk.ask("HEAD", path).header("ETag")).isEqualTo(desk.get(path).header("ETag"));
      assertThat(desk.ask("OPTIONS", path).header("Allow")).contains("GET");
      for (String method : List.of("PUT", "DELETE", "PATCH", "POST")) {
        assertThat(code(405, method + path, desk.ask(method, path)))
            .isEqualTo("METHOD_NOT_ALLOWED");
      }
    }
    assertThat(code(405, "GET", desk.get("/api/schedule/commands")))
        .isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(desk.ask("TRACE", BASE).status()).isBetween(400, 499);
  }

  @Test
  void whatIsNotMeantForThisServiceIsRefused() throws IOException {
    assertThat(code(401, "none", desk.ask("POST", "/api/schedule/commands")))
        .isEqualTo("NO_CREDENTIALS");
    assertThat(code(401, "bad", desk.get(BASE, "Authorization", "Bearer of.bad.news")))
        .isEqualTo("INVALID_CREDENTIALS");
    for (String body :
        List.of(
            "",
            "null",
            "[]",
            "{",
            "\"x\"",
            "{\"type\":\"Nothing\",\"negotiation\":\"n\"}",
            "{\"type\":\"ConveneNegotiation\",\"negotiation\":\"../n\"}",
            "{\"type\":\"RescheduleMeeting\",\"negotiation\":\""
                + N
                + "\",\"meeting\":\"opening\","
                + "\"start\":{\"edtf\":\"soon\"},\"reason\":\"\\u0000\"}",
            "{\"type\":".repeat(5_000))) {
      assertThat(code(400, body, desk.post("schedule", body))).isNotEmpty();
    }
    String endless =
        """
        {"type":"PublishAnnouncement","negotiation":"%s","announcement":"late","kind":"STATEMENT",
         "speaker":"ru","text":"t","language":"en","embargoUntil":"+999999999-12-31T23:59:59Z",
         "source":{"chain":[{"name":"n","role":"PUBLISHER"}]}}
        """
            .formatted(N);
    assertThat(desk.post("announcement", endless).status()).isBetween(400, 499);
  }

  @Test
  void whatIsNoRequestIsAnsweredWithAProblemToo() throws IOException {
    assertThat(said("GET /api/%zz HTTP/1.1"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json", "\"INVALID_REQUEST\"", "holds no URI");
    assertThat(said("GET /a b c HTTP/1.1 x y"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json");
    assertThat(said("GET /" + "x".repeat(10_000) + " HTTP/1.1"))
        .startsWith("HTTP/1.1 414 ")
        .contains("\"URI_TOO_LONG\"", "4096 bytes");
    assertThat(said("GET /api/negotiations HTTP/1.1\r\nX-Long: " + "x".repeat(20_000)))
        .startsWith("HTTP/1.1 431 ")
        .contains("\"HEADERS_TOO_LARGE\"", "8192 bytes");
  }

  /** What comes back for a head that no client would write, until the connection is closed. */
  private String said(String head) throws IOException {
    URI root = URI.create(desk.url());
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write((head + "\r\nHost: desk\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Whatever is asked, the answer is never a fault of the server's, and never an empty error. */
  @Test
  void garbageIsNeverAFaultOfTheServers() throws IOException {
    Random random = new Random(20_250_515);
    List<String> names =
        List.of("asOf", "limit", "cursor", "from", "to", "at", "type", "kind", "party", "q", "zz");
    for (int i = 0; i < 400; i++) {
      StringBuilder path = new StringBuilder(PATHS.get(random.nextInt(PATHS.size())));
      if (random.nextInt(3) == 0) {
        path.append('/').append(garbage(random));
      }
      if (random.nextInt(5) == 0) {
        path = new StringBuilder("/" + garbage(random) + "/" + garbage(random));
      }
      char separator = path.indexOf("?") < 0 ? '?' : '&';
      for (int k = random.nextInt(3); k > 0; k--) {
        path.append(separator).append(names.get(random.nextInt(names.size()))).append('=');
        path.append(garbage(random));
        separator = '&';
      }
      String asked = path.toString();
      Reply reply = desk.get(asked);
      assertThat(reply.status()).as("%s: %s", asked, reply.body()).isLessThan(500);
      if (reply.status() >= 400) {
        code(reply.status(), asked, reply);
      }
    }
  }

  private static String garbage(Random random) {
    List<String> seeds =
        List.of("'", "\"", "%", "\0", "é", "😀", "\uFFFF", "--", ";", "..", "1", "2025-05", "\n");
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> text.append(seeds.get(random.nextInt(seeds.size())));
        case 1 -> text.appendCodePoint(random.nextInt(0x3000));
        default -> text.append(Long.toString(random.nextLong(), 36));
      }
    }
    return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
  }

  private static String cursor(String after) {
    return encoded(String.join("\n", "1", "5", after, "question"));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String problem(int status, String path) throws IOException {
    return code(status, path, desk.get(path));
  }

  /** The code of a problem that is as the contract says. */
  private static String code(int status, String asked, Reply reply) {
    assertThat(reply.status()).as("%s: %s", asked, reply.body()).isEqualTo(status);
    assertThat(reply.header("Content-Type"))
        .as("%s: %s", asked, reply.body())
        .startsWith("application/problem+json");
    JsonNode problem = reply.json();
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(text(problem, "/type")).isNotEmpty();
    assertThat(text(problem, "/title")).isNotEmpty();
    assertThat(text(problem, "/detail")).isNotEmpty();
    assertThat(text(problem, "/traceId")).matches("[0-9a-f]{32}");
    return text(problem, "/code");
  }
}
