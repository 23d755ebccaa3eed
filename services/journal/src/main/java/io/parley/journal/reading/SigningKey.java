package io.parley.journal.reading;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/**
 * A key that signs tokens (ES256, RFC 7518) where there is no other issuer: on one machine, and in
 * a Compose stack. The services have its public half alone.
 */
public final class SigningKey {
  /** {@code iss} of its tokens, as services believe that are told of no other issuer. */
  public static final String ISSUER = "parley-desk";

  /** {@code aud} of its tokens, as services believe that are told of no other audience. */
  public static final String AUDIENCE = "parley";

  private final ECKey key;

  private SigningKey(ECKey key) {
    this.key = key;
  }

  /** A new one. */
  public static SigningKey fresh() {
    try {
      return new SigningKey(
          new ECKeyGenerator(Curve.P_256)
              .algorithm(JWSAlgorithm.ES256)
              .keyUse(KeyUse.SIGNATURE)
              .keyIDFromThumbprint(true)
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key cannot be made", e);
    }
  }

  /**
   * One that was kept.
   *
   * @param json the key with its private half, as a JSON Web Key
   */
  public static SigningKey of(String json) throws ParseException {
    return new SigningKey(ECKey.parse(json));
  }

  /** The public half, as a JSON Web Key Set: what the services believe. */
  public String publicKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /** With its private half, as a JSON Web Key: whoever has it may do everything. */
  public String json() {
    return key.toJSONString();
  }

  /** A token of somebody with these roles. */
  public String token(List<String> roles, String subject, Duration validity) throws JOSEException {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(subject)
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(validity)))
            .jwtID(UUID.randomUUID().toString())
            .claim("roles", roles)
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }
}
