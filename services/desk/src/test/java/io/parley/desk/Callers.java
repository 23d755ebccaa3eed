package io.parley.desk;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.parley.journal.reading.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everybody who may stand at a door: each role, nobody, and who comes with a token that is none.
 */
final class Callers {
  private Callers() {}

  /**
   * Who comes with a good token, or with none, by the name that the tables have; in their order.
   */
  static Map<String, String> known(DeskInside desk, String negotiation, String party, String other)
      throws CommandFailed {
    Map<String, String> callers = new LinkedHashMap<>();
    callers.put("no token", "");
    callers.put("`reader`", desk.token("reader"));
    callers.put("`party` whose it is", desk.token("party:" + negotiation + "/" + party));
    callers.put("another `party`", desk.token("party:" + negotiation + "/" + other));
    callers.put("`party` elsewhere", desk.token("party:elsewhere/" + party));
    callers.put("`secretariat`", desk.token("secretariat"));
    callers.put("`editor`", desk.token("editor"));
    callers.put("`auditor`", desk.token("auditor"));
    callers.put("`operator`", desk.token("operator"));
    callers.put("a role that is none", desk.token("admin"));
    return callers;
  }

  /** Tokens with every role that are not valid, by what is wrong with them. */
  static Map<String, String> refused(ECKey key) throws JOSEException {
    ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("expired", signed(key, claims().expirationTime(inSeconds(-3_600))));
    tokens.put("without an end", signed(key, claims().expirationTime(null)));
    tokens.put("of tomorrow", signed(key, claims().notBeforeTime(inSeconds(3_600))));
    tokens.put("signed by another key", signed(stranger, claims()));
    tokens.put("for another audience", signed(key, claims().audience("another")));
    tokens.put("for no audience", signed(key, claims().audience((String) null)));
    tokens.put("of another issuer", signed(key, claims().issuer("another")));
    tokens.put("of no subject", signed(key, claims().subject(null)));
    tokens.put("alg none", new PlainJWT(claims().build()).serialize());
    tokens.put("signed with the public key as a secret", withSecret(key));
    String good = signed(key, claims());
    tokens.put("without its signature", good.substring(0, good.lastIndexOf('.') + 1));
    tokens.put("no token at all", "nonsense");
    return tokens;
  }

  /** What those would have if nothing were wrong. */
  static String good(ECKey key) throws JOSEException {
    return signed(key, claims());
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("mallory")
        .issuer(SigningKey.ISSUER)
        .audience(SigningKey.AUDIENCE)
        .expirationTime(inSeconds(3_600))
        .claim("roles", List.of("editor", "secretariat", "auditor", "operator"));
  }

  private static String signed(ECKey key, JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            claims.build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  private static String withSecret(ECKey key) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
            claims().build());
    token.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    return token.serialize();
  }

  private static Date inSeconds(long seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }
}
