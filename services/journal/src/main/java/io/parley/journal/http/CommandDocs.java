package io.parley.journal.http;

import io.parley.journal.Service;
import io.parley.schemas.Source;
import io.parley.schemas.TemporalValue;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A service's commands in the OpenAPI document, from the schemas that they are read by. */
public final class CommandDocs {
  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";
  private static final Map<String, String> STATUSES =
      Map.of(
          "400",
              "Unreadable, unknown field or type, a value out of its range; `errors` names each with its place",
          "401", "No or wrong credentials",
          "403", "Not allowed to do this",
          "404", "Something that the command names does not exist",
          "409", "A rule refuses: `code` is stable, `rule` its number",
          "412", "`If-Match` is not the version; `current` says it",
          "413", "More than 1 MiB",
          "422", "The idempotency key was used with another body",
          "503", "Nothing was decided: try again after `Retry-After`",
          "504",
              "The outcome is not known yet: ask for it, or send the command again with the same key");

  private final Service service;

  /** The docs of a service. */
  public CommandDocs(Service service) {
    this.service = service;
  }

  /** Adds them to the document. */
  public void describe(OpenAPI api) {
    Components components = api.getComponents() == null ? new Components() : api.getComponents();
    api.components(components);
    String subject = service.name();
    List<Tag> tags = api.getTags() == null ? new ArrayList<>() : new ArrayList<>(api.getTags());
    tags.add(new Tag().name(subject).description("What the service " + subject + " records"));
    if (tags.stream().noneMatch(tag -> tag.getName().equals("commands"))) {
      tags.add(new Tag().name("commands").description("How commands ended"));
    }
    api.tags(tags);
    api.path(
        "/api/" + service.name() + "/commands", new PathItem().post(post(commands(components))));
    api.path("/api/commands/{commandId}", new PathItem().get(outcome()));
  }

  private Schema<?> commands(Components components) {
    SchemaDocs docs = new SchemaDocs(components);
    Schema<?> any = new Schema<>();
    Discriminator byType = new Discriminator().propertyName("type");
    for (org.apache.avro.Schema command : service.commands()) {
      boolean needsSource = !"optional".equals(command.getProp("source"));
      docs.add(
          command,
          Set.of("header"),
          List.of(
              new SchemaDocs.Field("type", new StringSchema()._const(command.getName()), true),
              new SchemaDocs.Field("negotiation", new StringSchema().format("slug"), true),
              new SchemaDocs.Field("occurred", docs.of(TemporalValue.SCHEMA$), false),
              new SchemaDocs.Field("asserted", docs.of(TemporalValue.SCHEMA$), false),
              new SchemaDocs.Field("source", docs.of(Source.SCHEMA$), needsSource)));
      String reference = "#/components/schemas/" + command.getName();
      any.addOneOfItem(new Schema<>().$ref(reference));
      byType.mapping(command.getName(), reference);
    }
    return any.discriminator(byType);
  }

  private Operation post(Schema<?> commands) {
    ApiResponses responses =
        new ApiResponses()
            .addApiResponse(
                "201", new ApiResponse().description("Recorded: events, version and token"))
            .addApiResponse(
                "200",
                new ApiResponse()
                    .description("Nothing changed; or, to a stream, one result a line"));
    STATUSES.forEach((status, text) -> responses.addApiResponse(status, problemResponse(text)));
    return new Operation()
        .addTagsItem(service.name())
        .operationId(service.name() + "Command")
        .summary("Record facts: one command, or a stream of them, one a line")
        .addSecurityItem(new SecurityRequirement().addList(BEARER))
        .addParametersItem(
            header("Idempotency-Key", "Sent again with the same key, a command is decided once"))
        .addParametersItem(header("If-Match", "Version that the aggregate must have, in quotes"))
        .addParametersItem(
            header("Parley-After", "Tokens that must be known before it is decided, by commas"))
        .requestBody(
            new RequestBody()
                .required(true)
                .content(
                    new Content()
                        .addMediaType("application/json", new MediaType().schema(commands))
                        .addMediaType(
                            "application/x-ndjson", new MediaType().schema(new StringSchema()))))
        .responses(responses);
  }

  private static Operation outcome() {
    return new Operation()
        .addTagsItem("commands")
        .operationId("commandOutcome")
        .summary("How a command ended: its answer or its problem, with the status as a member")
        .addSecurityItem(new SecurityRequirement().addList(BEARER))
        .addParametersItem(
            new Parameter().in("path").name("commandId").required(true).schema(new StringSchema()))
        .responses(
            new ApiResponses()
                .addApiResponse("200", new ApiResponse().description("It is decided"))
                .addApiResponse("404", problemResponse("No outcome of it is remembered"))
                .addApiResponse("503", problemResponse("It still waits for its tokens")));
  }

  private static Parameter header(String name, String description) {
    return new Parameter()
        .in("header")
        .name(name)
        .description(description)
        .schema(new StringSchema());
  }

  private static ApiResponse problemResponse(String description) {
    Schema<?> problem = new Schema<>().$ref("#/components/schemas/" + PROBLEM);
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType("application/problem+json", new MediaType().schema(problem)));
  }
}
