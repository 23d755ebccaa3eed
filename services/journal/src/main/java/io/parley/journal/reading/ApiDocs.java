package io.parley.journal.reading;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * What the OpenAPI document of every service says of all its paths: what it is about, who is
 * believed, and how errors are told.
 */
@Component
final class ApiDocs implements OpenApiCustomizer {
  private static final String BEARER = "bearer";
  private static final Map<String, String> TAGS =
      Map.of(
          "reads", "The record as it is, and as it was at any moment",
          "streams", "The record as it is written",
          "audit", "Whether the record is whole; for auditors",
          "operations", "How far the read models are; for operators",
          "schemas", "The schemas of the topics, as a Confluent registry serves them");

  @Override
  public void customise(OpenAPI api) {
    api.info(new Info().title("Parley").version("0").description("The record of a negotiation"));
    Components components = api.getComponents() == null ? new Components() : api.getComponents();
    api.components(
        components
            .addSecuritySchemes(
                BEARER,
                new SecurityScheme()
                    .type(SecurityScheme.Type.HTTP)
                    .scheme(BEARER)
                    .bearerFormat("JWT"))
            .addSchemas("Problem", problem()));
    operations(api).filter(each -> each.getSecurity() == null).forEach(ApiDocs::open);
    List<String> used =
        operations(api).flatMap(each -> each.getTags().stream()).distinct().sorted().toList();
    // Not those that nothing has any more: one for each controller.
    api.tags(
        Stream.concat(
                Stream.ofNullable(api.getTags())
                    .flatMap(List::stream)
                    .filter(tag -> used.contains(tag.getName()))
                    .filter(tag -> !TAGS.containsKey(tag.getName())),
                used.stream()
                    .filter(TAGS::containsKey)
                    .map(name -> new Tag().name(name).description(TAGS.get(name))))
            .toList());
    operations(api).forEach(each -> each.summary(plain(each.getSummary())));
    operations(api).forEach(each -> each.description(plain(each.getDescription())));
    components.getSchemas().values().forEach(ApiDocs::plain);
  }

  private static void plain(Schema<?> schema) {
    schema.description(plain(schema.getDescription()));
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(ApiDocs::plain);
    }
  }

  /** What comes from javadoc is broken into lines, and its code is HTML. */
  private static @Nullable String plain(@Nullable String text) {
    return text == null ? null : text.replaceAll("\\s+", " ").replaceAll("</?code>", "`");
  }

  private static Stream<Operation> operations(OpenAPI api) {
    return api.getPaths().values().stream().flatMap(path -> path.readOperations().stream());
  }

  /** Anybody may ask; who shows a token may be told more. */
  private static void open(Operation operation) {
    operation.security(
        List.of(new SecurityRequirement(), new SecurityRequirement().addList(BEARER)));
    if (!operation.getResponses().containsKey("401")) {
      operation
          .getResponses()
          .addApiResponse(
              "401",
              new ApiResponse()
                  .description("The bearer token is not valid")
                  .content(
                      new Content()
                          .addMediaType(
                              "application/problem+json",
                              new MediaType()
                                  .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }
  }

  private static Schema<?> problem() {
    ObjectSchema problem = new ObjectSchema();
    problem.description("An error (RFC 9457)");
    for (String name : List.of("type", "title", "detail", "code", "traceId")) {
      problem.addProperty(name, new StringSchema()).addRequiredItem(name);
    }
    problem.addProperty("status", new IntegerSchema()).addRequiredItem("status");
    return problem;
  }
}
