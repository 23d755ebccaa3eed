package io.parley.projection.operations;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.util.List;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** What an operator asks and does, in the OpenAPI document. */
@Component
final class OperationsDocs implements OperationCustomizer {
  private static final String REASON = "reason";

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    Class<?> type = handler.getBeanType();
    if (type.getPackage() != OperationsDocs.class.getPackage()) {
      return operation;
    }
    operation.tags(List.of("operations"));
    operation.addSecurityItem(new SecurityRequirement().addList("bearer"));
    String method = handler.getMethod().getName();
    if (type == DeadLettersController.class) {
      describe(operation, method);
    } else if (type == RebuildController.class) {
      rebuild(operation, method);
    }
    add(operation, "401", "No or wrong credentials");
    add(operation, "403", "Not an operator");
    add(operation, "503", "The database, the broker or the audit trail is away: try again later");
    return operation;
  }

  private static void describe(Operation operation, String method) {
    if (method.equals("list")) {
      add(operation, "400", "A parameter cannot be answered; `errors` names it");
      query(operation, "limit", "Items of a page, 1 to 1000; 100 unless said otherwise");
      query(operation, "cursor", "Where to go on: `next` of the page before");
      return;
    }
    add(operation, "404", "There is no such dead letter, or none any more");
    if (method.equals("one")) {
      return;
    }
    query(operation, "dryRun", "true: nothing changes, and `outlook` says what would follow");
    operation
        .getResponses()
        .addApiResponse("202", new ApiResponse().description("It is asked for, and not tried yet"));
    add(operation, "400", "A parameter or the body cannot be answered; `errors` names it");
    add(
        operation,
        "409",
        "DEAD_LETTER_MOVED: it stands elsewhere now; to a skip also LOG_FAULTY or TOO_MANY_SKIPS");
    add(operation, "429", "Too many dry runs at once");
    if (method.equals("skip")) {
      Schema<?> reason = new StringSchema().minLength(1).maxLength(500);
      Schema<?> body = new ObjectSchema().addProperty(REASON, reason);
      body.addRequiredItem(REASON);
      operation.requestBody(
          new RequestBody()
              .description("Why; not needed for a dry run")
              .content(
                  new Content().addMediaType("application/json", new MediaType().schema(body))));
    }
  }

  private static void rebuild(Operation operation, String method) {
    if (method.equals("start")) {
      query(
          operation, "acceptDifferences", "true: swapped in although rows are others than before");
      operation.responses(
          new ApiResponses()
              .addApiResponse(
                  "202",
                  new ApiResponse().description("It has begun: `Location` says where to look")));
      add(operation, "409", "REBUILD_RUNNING: one is on its way");
      return;
    }
    add(operation, "404", "Nothing was ever rebuilt here");
    if (method.equals("cancel")) {
      operation
          .getResponses()
          .addApiResponse(
              "202", new ApiResponse().description("It has ended; what it built is taken away"));
      add(operation, "409", "REBUILD_ENDED: none is on its way");
    }
  }

  private static void query(Operation operation, String name, String meaning) {
    operation.addParametersItem(
        new Parameter().in("query").name(name).description(meaning).schema(new StringSchema()));
  }

  private static void add(Operation operation, String status, String meaning) {
    ApiResponses responses =
        operation.getResponses() == null ? new ApiResponses() : operation.getResponses();
    operation.responses(
        responses.addApiResponse(
            status,
            new ApiResponse()
                .description(meaning)
                .content(
                    new Content()
                        .addMediaType(
                            "application/problem+json",
                            new MediaType()
                                .schema(new Schema<>().$ref("#/components/schemas/Problem"))))));
  }
}
