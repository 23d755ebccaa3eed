package io.parley.projection;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** Tokens that every service of these tests believes. */
final class Bearer {
  private static final ECKey KEY;
  private static final Path KEYS;

  static {
    try {
      KEY = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
      KEYS = Files.createTempFile("parley-keys", ".json");
      Files.writeString(KEYS, new JWKSet(KEY.toPublicJWK()).toString());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Bearer() {}

  /** The file with the public half. */
  static Path keys() {
    return KEYS;
  }

  /** Adds what an audit path needs. */
  static void where(String path, HttpHeaders headers) {
    if (path.startsWith("/api/audit/")) {
      headers.set(HttpHeaders.AUTHORIZATION, of("auditor"));
    }
  }

  /** What to send as Authorization to have these roles. */
  static String of(String... roles) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject("tester")
            .issuer("parley-desk")
            .audience("parley")
            .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
            .claim("roles", List.of(roles))
            .build();
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("test").build(), claims);
    try {
      jwt.sign(new ECDSASigner(KEY));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing with a key just made", e);
    }
    return "Bearer " + jwt.serialize();
  }
}
