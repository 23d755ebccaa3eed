package io.parley.journal.reading;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key set of an issuer, over HTTP: at a known address, or where the issuer's metadata say
 * (OpenID Connect Discovery 1.0, section 4). Asked for when the first token comes, so that a
 * service starts without its issuer.
 */
final class IssuerKeys implements JWKSetSource<SecurityContext> {
  private static final int BYTES_AT_MOST = 256 * 1024;
  private static final String METADATA = "/.well-known/openid-configuration";

  private final @Nullable URI keySet;
  private final @Nullable URI issuer;
  private final ResourceRetriever wire;

  /**
   * The keys at an address, or of an issuer; one of them is given.
   *
   * @param within how long a connection and an answer may take
   */
  IssuerKeys(@Nullable URI keySet, @Nullable URI issuer, Duration within) {
    this.keySet = keySet;
    this.issuer = issuer;
    int millis = (int) within.toMillis();
    this.wire = new DefaultResourceRetriever(millis, millis, BYTES_AT_MOST);
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator refresh, long currentTime, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      URI address = keySet == null ? discovered() : keySet;
      return new URLBasedJWKSetSource<SecurityContext>(address.toURL(), wire)
          .getJWKSet(refresh, currentTime, context);
    } catch (MalformedURLException e) {
      throw new JWKSetRetrievalException("the key set has no address", e);
    }
  }

  private URI discovered() throws KeySourceException {
    String own = String.valueOf(issuer);
    try {
      String path = own.endsWith("/") ? METADATA.substring(1) : METADATA;
      String text = wire.retrieveResource(URI.create(own + path).toURL()).getContent();
      Map<String, Object> metadata = JSONObjectUtils.parse(text);
      // Whoever answers there must be who was asked for: section 4.3.
      if (!own.equals(metadata.get("issuer"))) {
        throw new JWKSetRetrievalException(own + " says that it is another issuer", null);
      }
      URI address = JSONObjectUtils.getURI(metadata, "jwks_uri");
      if (address == null || !ParleyProperties.Security.isSafe(address)) {
        throw new JWKSetRetrievalException(own + " names no key set that is safe to read", null);
      }
      return address;
    } catch (IOException | ParseException e) {
      throw new JWKSetRetrievalException("the metadata of " + own + " cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    // Nothing is held open between two fetches.
  }
}
