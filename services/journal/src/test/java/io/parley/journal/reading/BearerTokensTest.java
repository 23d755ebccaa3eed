package io.parley.journal.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** Which tokens are believed, of an issuer that is asked for its keys over HTTP. */
class BearerTokensTest {
  private Issuer issuer;
  private ReactiveJwtDecoder tokens;

  @BeforeEach
  void start() throws Exception {
    issuer = new Issuer();
    tokens = BearerTokens.of(issuer.settings(false));
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTokenOfTheIssuerIsBelieved(boolean discover) throws Exception {
    ReactiveJwtDecoder decoder = BearerTokens.of(issuer.settings(discover));
    for (String token :
        List.of(
            issuer.token(issuer.claims()),
            issuer.rsaToken(JWSAlgorithm.RS256),
            issuer.token(issuer.claims(), new JOSEObjectType("at+jwt")),
            issuer.token(issuer.claims(), null))) {
      assertThat(decoder.decode(token).map(Jwt::getSubject).block()).isEqualTo("anna");
    }
  }

  @Test
  void whatIsSignedByNobodyOrOtherwiseIsNot() throws Exception {
    refused(issuer.unsigned());
    refused(issuer.withThePublicKeyAsSecret());
    refused(issuer.rsaToken(JWSAlgorithm.PS256));
    refused("nonsense");
    String good = issuer.token(issuer.claims());
    refused(good.substring(0, good.lastIndexOf('.') + 1));
    refused(
        Issuer.signed(
            Issuer.ecKey("first"), new JWSHeader.Builder(JWSAlgorithm.ES256), issuer.claims()));
  }

  @Test
  void anotherAudienceIssuerTypeOrTimeIsNot() {
    refused(issuer.token(issuer.claims().audience("another")));
    refused(issuer.token(issuer.claims().audience((String) null)));
    refused(issuer.token(issuer.claims().issuer("https://another.example")));
    refused(issuer.token(issuer.claims().issuer(null)));
    refused(issuer.token(issuer.claims(), new JOSEObjectType("logout+jwt")));
    refused(issuer.token(issuer.claims().expirationTime(null)));
    refused(issuer.token(issuer.claims().expirationTime(inSeconds(-35))));
    refused(issuer.token(issuer.claims().notBeforeTime(inSeconds(60))));
  }

  @Test
  void clocksMayDifferAsFarAsIsSaid() {
    assertThat(tokens.decode(issuer.token(issuer.claims().expirationTime(inSeconds(-10)))).block())
        .isNotNull();
    assertThat(tokens.decode(issuer.token(issuer.claims().notBeforeTime(inSeconds(10)))).block())
        .isNotNull();
  }

  /** A signature is remembered for a minute; whether the token still holds is asked each time. */
  @Test
  void aTokenThatEndsIsNotBelievedThoughItsSignatureIsRemembered() throws Exception {
    ParleyProperties.Security exact =
        with(issuer.settings(false), Set.of(SignatureAlgorithm.ES256), Duration.ZERO);
    ReactiveJwtDecoder decoder = BearerTokens.of(exact);
    Instant ends = Instant.now().plusMillis(2_500);
    String token = issuer.token(issuer.claims().expirationTime(Date.from(ends)));
    assertThat(decoder.decode(token).block()).isNotNull();
    boolean believed = true;
    while (believed && Instant.now().isBefore(ends.plusSeconds(60))) {
      try {
        decoder.decode(token).block();
        Thread.onSpinWait();
      } catch (BadJwtException e) {
        believed = false;
      }
    }
    assertThat(believed).isFalse();
  }

  @Test
  void algorithmsThatAreNotNamedAreNot() throws Exception {
    ReactiveJwtDecoder decoder =
        BearerTokens.of(
            with(issuer.settings(false), Set.of(SignatureAlgorithm.ES256), Duration.ofSeconds(30)));
    assertThat(decoder.decode(issuer.token(issuer.claims())).block()).isNotNull();
    String rsa = issuer.rsaToken(JWSAlgorithm.RS256);
    assertThatThrownBy(() -> decoder.decode(rsa).block()).isInstanceOf(BadJwtException.class);
  }

  @Test
  void aNewKeyIsFoundAndStrangersMakeNobodyAskOften() {
    tokens.decode(issuer.token(issuer.claims())).block();
    issuer.rotate();
    assertThat(tokens.decode(issuer.token(issuer.claims())).block()).isNotNull();
    int asked = issuer.asked();
    for (int i = 0; i < 50; i++) {
      String strange =
          Issuer.signed(
              Issuer.ecKey("strange-" + i),
              new JWSHeader.Builder(JWSAlgorithm.ES256),
              issuer.claims());
      assertThatThrownBy(() -> tokens.decode(strange).block()).isNotNull();
    }
    assertThat(issuer.asked()).isLessThanOrEqualTo(asked + 2);
    assertThat(tokens.decode(issuer.token(issuer.claims().subject("berta"))).block()).isNotNull();
  }

  @Test
  void whileTheIssuerIsAwayWeSayThatAndNotThatTheTokenIsBad() {
    issuer.goAway();
    String token = issuer.token(issuer.claims());
    assertThatThrownBy(() -> tokens.decode(token).block())
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(503);
              assertThat(problem.code()).isEqualTo("ISSUER_AWAY");
              assertThat(problem.retryAfter()).isNotNull();
            });
  }

  @Test
  void whoAnswersUnderAnotherNameIsNotTheIssuer() {
    issuer.describe("https://another.example");
    ReactiveJwtDecoder decoder = BearerTokens.of(issuer.settings(true));
    String token = issuer.token(issuer.claims());
    assertThatThrownBy(() -> decoder.decode(token).block()).isInstanceOf(Problem.class);
  }

  @Test
  void withoutAnyKeyNobodyIsBelieved() {
    ReactiveJwtDecoder nobody =
        BearerTokens.of(settings(null, null, null, "parley", Set.of(SignatureAlgorithm.ES256)));
    String token = issuer.token(issuer.claims());
    assertThatThrownBy(() -> nobody.decode(token).block()).isInstanceOf(BadJwtException.class);
  }

  @Test
  void settingsThatWouldBelieveTooMuchStopTheStart() {
    Set<SignatureAlgorithm> es256 = Set.of(SignatureAlgorithm.ES256);
    URI safe = URI.create("https://id.example/keys");
    assertThat(settings(null, safe, null, "parley", es256).expectedIssuer()).isEqualTo("iss");
    assertThat(settings(null, null, safe, "parley", es256).expectedIssuer())
        .isEqualTo(safe.toString());
    assertThatThrownBy(() -> settings(null, safe, null, " ", es256))
        .hasMessageContaining("security.audience");
    assertThatThrownBy(() -> settings(null, safe, null, "parley", Set.of()))
        .hasMessageContaining("security.algorithms");
    assertThatThrownBy(() -> settings(Path.of("keys.json"), safe, null, "parley", es256))
        .hasMessageContaining("given together");
    assertThatThrownBy(() -> settings(null, safe, safe, "parley", es256))
        .hasMessageContaining("given together");
    for (String open : new String[] {"http://id.example/keys", "file:///etc/keys", "keys"}) {
      assertThatThrownBy(() -> settings(null, URI.create(open), null, "parley", es256))
          .hasMessageContaining("security.jwk-set-uri");
      assertThatThrownBy(() -> settings(null, null, URI.create(open), "parley", es256))
          .hasMessageContaining("security.issuer-uri");
    }
  }

  private static ParleyProperties.Security settings(
      @Nullable Path file,
      @Nullable URI keys,
      @Nullable URI issuer,
      String audience,
      Set<SignatureAlgorithm> algorithms) {
    return new ParleyProperties.Security(
        file, keys, issuer, "iss", audience, algorithms, Duration.ofSeconds(30));
  }

  private static ParleyProperties.Security with(
      ParleyProperties.Security settings, Set<SignatureAlgorithm> algorithms, Duration skew) {
    return new ParleyProperties.Security(
        settings.keys(),
        settings.jwkSetUri(),
        settings.issuerUri(),
        settings.issuer(),
        settings.audience(),
        algorithms,
        skew);
  }

  private void refused(String token) {
    assertThatThrownBy(() -> tokens.decode(token).block())
        .as(token)
        .isInstanceOf(BadJwtException.class);
  }

  private static Date inSeconds(long seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }
}
