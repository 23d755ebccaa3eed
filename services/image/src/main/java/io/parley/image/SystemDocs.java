package io.parley.image;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Adds the other services' part to the OpenAPI document of the one that answers at a router's
 * {@code /v3/api-docs}: who stands before the router sees one system. It is read from {@code
 * docs/openapi.json}, which a test of the desk holds against what the services say.
 */
@Component
final class SystemDocs implements OpenApiCustomizer, Ordered {
  private final OpenAPI system;

  SystemDocs() {
    try (InputStream in =
        Objects.requireNonNull(
            SystemDocs.class.getResourceAsStream("/openapi.json"), "openapi.json")) {
      system = Json31.mapper().readValue(in, OpenAPI.class);
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.json cannot be read", e);
    }
  }

  @Override
  public void customise(OpenAPI api) {
    system.getPaths().forEach(api.getPaths()::putIfAbsent);
    system.getComponents().getSchemas().forEach(api.getComponents().getSchemas()::putIfAbsent);
    api.tags(system.getTags());
  }

  /** After what each service says of its own. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
