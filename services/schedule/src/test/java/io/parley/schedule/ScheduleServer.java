package io.parley.schedule;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.parts.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;

/** The schedule service with a real broker, as a client sees it. */
final class ScheduleServer implements AutoCloseable {
  private final TestBroker broker;
  private final ReactiveWebServerApplicationContext application;
  private final ECKey key;
  private final HttpClient http = HttpClient.newHttpClient();

  ScheduleServer(Path data) throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
    Path keys =
        Files.writeString(data.resolve("keys.json"), new JWKSet(key.toPublicJWK()).toString());
    broker = TestBroker.start();
    application =
        (ReactiveWebServerApplicationContext)
            new SpringApplicationBuilder(ScheduleService.class)
                .properties(
                    Map.of(
                        "server.port",
                        0,
                        "server.address",
                        "127.0.0.1",
                        "parley.kafka.bootstrap-servers",
                        broker.bootstrapServers(),
                        "parley.kafka.partitions",
                        2,
                        "parley.state-directory",
                        data.resolve("streams").toString(),
                        "parley.security.keys",
                        keys.toString(),
                        "parley.commands.parked-for",
                        "1s"))
                .run();
  }

  String token(String... roles) {
    return token(key, Instant.now().plusSeconds(600), roles);
  }

  static String token(ECKey key, Instant expires, String... roles) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject("tester")
            .issuer("parley-desk")
            .audience("parley")
            .expirationTime(Date.from(expires))
            .claim("roles", List.of(roles))
            .build();
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("test").build(), claims);
    try {
      jwt.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing with a key just made", e);
    }
    return jwt.serialize();
  }

  ECKey key() {
    return key;
  }

  HttpResponse<String> command(String body, String... headers)
      throws IOException, InterruptedException {
    return post("application/json", body, headers);
  }

  HttpResponse<String> post(String type, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri("/api/schedule/commands"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    boolean ownAuthorization = List.of(headers).contains("Authorization");
    if (!ownAuthorization) {
      request.header("Authorization", "Bearer " + token("editor"));
    }
    for (int i = 0; i < headers.length; i += 2) {
      if (!headers[i + 1].isEmpty()) {
        request.header(headers[i], headers[i + 1]);
      }
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + token("editor"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    int port = java.util.Objects.requireNonNull(application.getWebServer()).getPort();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    application.close();
    broker.close();
  }
}
