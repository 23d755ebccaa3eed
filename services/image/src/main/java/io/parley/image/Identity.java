package io.parley.image;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/**
 * The key that signs the tokens of a Compose stack (ES256, RFC 7518), where no other issuer is. The
 * services have its public half alone.
 */
final class Identity {
  private static final Duration VALID_FOR = Duration.ofHours(12);

  private final ECKey key;

  private Identity(ECKey key) {
    this.key = key;
  }

  static Identity fresh() {
    try {
      return new Identity(
          new ECKeyGenerator(Curve.P_256)
              .algorithm(JWSAlgorithm.ES256)
              .keyUse(KeyUse.SIGNATURE)
              .keyIDFromThumbprint(true)
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key cannot be made", e);
    }
  }

  /** Prints a token with these roles. */
  static void token(List<String> roles) {
    if (roles.isEmpty()) {
      System.err.println("which roles?");
      System.exit(2);
    }
    Path file = Path.of("/run/secrets/identity/private.jwk.json");
    try {
      System.out.println(new Identity(ECKey.parse(Files.readString(file))).sign(roles));
    } catch (IOException | ParseException | JOSEException e) {
      throw new IllegalStateException("the key " + file + " cannot be used", e);
    }
  }

  String publicKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  String privateKey() {
    return key.toJSONString();
  }

  private String sign(List<String> roles) throws JOSEException {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(System.getenv().getOrDefault("PARLEY_SUBJECT", "compose"))
            .issuer("parley-desk")
            .audience("parley")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(VALID_FOR)))
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
