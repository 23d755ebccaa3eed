package io.parley.projection.read;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.method.HandlerMethod;

/** The reads in the OpenAPI document: what they take ({@link Asks}) and how they answer. */
@Component
final class ReadDocs implements OperationCustomizer, OpenApiCustomizer {
  private static final Map<String, String> TAGS =
      Map.of(
          "stream", "streams",
          "audit", "audit",
          "operations", "operations",
          "registry", "schemas");

  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("asOf", "The record as it was: an RFC 3339 instant, inclusive, or a sequence"),
          Map.entry("limit", "Items of a page, 1 to 1000; 100 unless said otherwise"),
          Map.entry("cursor", "Where to go on: `next` of the page before"),
          Map.entry("from", "From here on, inclusive"),
          Map.entry("to", "Up to here, inclusive"),
          Map.entry("at", "What holds then, on the axis of what occurred (EDTF)"),
          Map.entry("type", "Name of an event; may be repeated"),
          Map.entry("party", "Id of a party"),
          Map.entry("speaker", "Id of a speaker"),
          Map.entry("kind", "Kind of announcement"),
          Map.entry("topic", "Id of a topic"),
          Map.entry("language", "Language tag (BCP 47)"),
          Map.entry("status", "Status of the item"),
          Map.entry("contested", "Whether somebody says otherwise: true or false"),
          Map.entry("scope", "country:ID, city:ID, venue:ID, meeting:ID or talks; talks if absent"),
          Map.entry("assume", "What if: PERSON@SCOPE:present or :absent; may be repeated 16 times"),
          Map.entry("negotiation", "Id of a negotiation; may be repeated"),
          Map.entry("service", "schedule, delegation or announcement; may be repeated"),
          Map.entry("person", "Id of a person"),
          Map.entry("since", "An RFC 3339 instant, a cursor, or beginning; now if absent"),
          Map.entry("until", "Where a bounded replay ends, an RFC 3339 instant; now if absent"),
          Map.entry("lastEventId", "As the header Last-Event-ID"),
          Map.entry("named", "Whether messages name their event: true or false"),
          Map.entry("speed", "History with its recorded gaps divided by this, 0.01 to 1000000"),
          Map.entry("parts", "open: without what not everybody may know of"),
          Map.entry("q", "Words to look for"));

  /** Of the answers that have a shape. */
  private final Shapes shapes = new Shapes();

  @Override
  public void customise(OpenAPI api) {
    shapes.addTo(api.getComponents());
  }

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    String type = handler.getBeanType().getSimpleName().replace("Controller", "");
    operation.operationId(
        StringUtils.uncapitalize(type) + StringUtils.capitalize(handler.getMethod().getName()));
    String part = handler.getBeanType().getPackageName().replaceFirst(".*\\.", "");
    operation.tags(List.of(TAGS.getOrDefault(part, "reads")));
    Asks asks = handler.getMethodAnnotation(Asks.class);
    Operation described = asks == null ? operation : describe(operation, asks);
    if (part.equals("audit")) {
      described.addSecurityItem(new SecurityRequirement().addList("bearer"));
      described
          .getResponses()
          .addApiResponse("400", problem("A parameter cannot be answered; `errors` names it"))
          .addApiResponse("401", problem("No bearer token, or one that is not valid"))
          .addApiResponse("403", problem("The token's roles do not allow this"));
    }
    return described;
  }

  private Operation describe(Operation operation, Asks asks) {
    if (!asks.stream()) {
      add(operation, "query", "asOf");
    }
    if (asks.list()) {
      add(operation, "query", "limit");
      add(operation, "query", "cursor");
    }
    for (String name : asks.value()) {
      add(operation, "query", name);
    }
    if (asks.stream()) {
      Asks.STREAM.forEach(name -> add(operation, "query", name));
      return stream(operation);
    }
    if (asks.download()) {
      return download(operation, asks.answers());
    }
    operation.addParametersItem(
        parameter("header", "Parley-After", "Tokens that the answer must have applied, by commas"));
    operation.addParametersItem(
        parameter("header", "If-None-Match", "The ETag that is at hand: 304 if it still holds"));
    return operation.responses(
        new ApiResponses()
            .addApiResponse(
                "200",
                new ApiResponse()
                    .description("The answer, with ETag and Parley-Sequence")
                    .content(
                        new Content()
                            .addMediaType(asks.answers(), new MediaType().schema(shape(asks)))))
            .addApiResponse("304", new ApiResponse().description("It is what you have"))
            .addApiResponse("400", problem("A parameter cannot be answered; `errors` names it"))
            .addApiResponse("404", problem("There is no such thing, or was none then"))
            .addApiResponse("503", problem("Not known here yet, or the database is away")));
  }

  private Schema<?> shape(Asks asks) {
    if (!asks.answers().equals(APPLICATION_JSON_VALUE)) {
      return new StringSchema();
    }
    if (asks.shape() == Object.class) {
      return new ObjectSchema().additionalProperties(true);
    }
    return shapes.of(asks.shape());
  }

  private static Operation stream(Operation operation) {
    operation.addParametersItem(
        parameter("header", "Last-Event-ID", "The last id received: what follows it is sent"));
    return operation.responses(
        new ApiResponses()
            .addApiResponse(
                "200",
                new ApiResponse()
                    .description(
                        "CloudEvents, as they come, or those from `since` to `until` and then the"
                            + " end")
                    .content(
                        new Content()
                            .addMediaType("text/event-stream", new MediaType())
                            .addMediaType("application/x-ndjson", new MediaType())))
            .addApiResponse("400", problem("A parameter cannot be answered; `errors` names it"))
            .addApiResponse("429", problem("Too many streams, or too much history"))
            .addApiResponse("503", problem("The streams are starting or stopping")));
  }

  private static Operation download(Operation operation, String type) {
    return operation.responses(
        new ApiResponses()
            .addApiResponse(
                "200",
                new ApiResponse()
                    .description("The file, with Content-Disposition and Parley-Sequence")
                    .content(
                        new Content()
                            .addMediaType(
                                type, new MediaType().schema(new StringSchema().format("binary")))))
            .addApiResponse("400", problem("A parameter cannot be answered; `errors` names it"))
            .addApiResponse("404", problem("There is no such thing, or was none then"))
            .addApiResponse("429", problem("Too many of these at once"))
            .addApiResponse("500", problem("The record is not whole: nothing is handed out"))
            .addApiResponse("503", problem("The log or the audit trail is away")));
  }

  private static void add(Operation operation, String in, String name) {
    operation.addParametersItem(parameter(in, name, MEANINGS.getOrDefault(name, name)));
  }

  private static Parameter parameter(String in, String name, String meaning) {
    return new Parameter().in(in).name(name).description(meaning).schema(new StringSchema());
  }

  private static ApiResponse problem(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    "application/problem+json",
                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
  }
}
