package io.parley.journal.reading;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/** Somebody who issues tokens and publishes his keys on loopback, as an identity provider does. */
final class Issuer implements AutoCloseable {
  static final String AUDIENCE = "parley";

  private final HttpServer server;
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private ECKey key = ecKey("first");
  private final RSAKey rsa;

  Issuer() throws IOException, JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          String page = pages.get(exchange.getRequestURI().getPath());
          byte[] body = (page == null ? "" : page).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              page == null ? 503 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    publish(key, rsa);
    describe(uri().toString());
  }

  /** Where it is, which is its name. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  URI keySet() {
    return uri().resolve("/keys");
  }

  /** How often somebody asked for something. */
  int asked() {
    return asked.get();
  }

  ECKey key() {
    return key;
  }

  RSAKey rsa() {
    return rsa;
  }

  /** Says that its name is this. */
  void describe(String name) {
    pages.put(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"" + name + "\",\"jwks_uri\":\"" + keySet() + "\"}");
  }

  /** Takes another key, and publishes that alone. */
  void rotate() {
    key = ecKey("second");
    publish(key);
  }

  /** Answers nothing but errors from now on. */
  void goAway() {
    pages.clear();
  }

  private void publish(JWK... keys) {
    pages.put("/keys", new JWKSet(List.of(keys)).toPublicJWKSet().toString());
  }

  /** Settings that believe it, by the address of its keys or by its own. */
  ParleyProperties.Security settings(boolean discover) {
    return new ParleyProperties.Security(
        null,
        discover ? null : keySet(),
        discover ? uri() : null,
        uri().toString(),
        AUDIENCE,
        Set.of(SignatureAlgorithm.ES256, SignatureAlgorithm.RS256),
        Duration.ofSeconds(30));
  }

  /** Claims that are all right. */
  JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("anna")
        .issuer(uri().toString())
        .audience(AUDIENCE)
        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
        .claim("roles", List.of("editor"));
  }

  /** Signed with its key. */
  String token(JWTClaimsSet.Builder claims) {
    return token(claims, JOSEObjectType.JWT);
  }

  /** With another type, or none. */
  String token(JWTClaimsSet.Builder claims, @Nullable JOSEObjectType type) {
    return signed(key, new JWSHeader.Builder(JWSAlgorithm.ES256).type(type), claims);
  }

  /** Signed with this key, which says that it is the issuer's. */
  static String signed(ECKey key, JWSHeader.Builder header, JWTClaimsSet.Builder claims) {
    SignedJWT token = new SignedJWT(header.keyID(key.getKeyID()).build(), claims.build());
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing with a key just made", e);
    }
    return token.serialize();
  }

  /** Signed with its RSA key. */
  String rsaToken(JWSAlgorithm algorithm) throws JOSEException {
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID("rsa").build(), claims().build());
    token.sign(new RSASSASigner(rsa));
    return token.serialize();
  }

  /** Not signed at all. */
  String unsigned() {
    return new PlainJWT(claims().build()).serialize();
  }

  /** Signed with the public key as if it were a secret that both know. */
  String withThePublicKeyAsSecret() throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
            claims().build());
    token.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    return token.serialize();
  }

  static ECKey ecKey(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
