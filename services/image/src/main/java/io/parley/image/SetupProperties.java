package io.parley.image;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the setup makes beside topics and tables.
 *
 * @param users passwords (SCRAM-SHA-512) of the services at Kafka, by service; one without a
 *     password is not made, for brokers that know their users from elsewhere
 * @param rights whether the services' rights at Kafka are set; false for brokers without an
 *     authorizer, or where an operator sets them
 * @param registry address of the Apicurio registry that the schemas are brought to; absent: none
 * @param registryCa file with the certificates (PEM) that the registry's own must be signed by;
 *     absent: those that the JDK trusts
 * @param projectionRole the projection's role in PostgreSQL, which may read and write rows and
 *     define nothing
 */
@ConfigurationProperties("parley.setup")
record SetupProperties(
    @DefaultValue Map<String, String> users,
    @DefaultValue("true") boolean rights,
    @Nullable URI registry,
    @Nullable Path registryCa,
    @DefaultValue("parley_projection") String projectionRole) {

  /** Refuses a role whose name is none. */
  SetupProperties {
    if (!projectionRole.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "parley.setup.projection-role cannot be " + projectionRole);
    }
  }
}
