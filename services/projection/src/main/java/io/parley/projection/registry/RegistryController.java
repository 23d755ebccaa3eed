package io.parley.projection.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.schemas.wire.SchemaCatalog;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the schemas of this build as Confluent's Schema Registry does, API v1, read-only
 * (architecture 11). Subjects are full record names; an id is made from the schema. Errors are
 * Confluent's: 404 with 40401 for a subject, 40402 for a version, 40403 for an id that is not
 * there; 422 with 42202 for a version that is no number.
 */
@RestController
public final class RegistryController {
  /** The media type of the registry's answers, which clients ask for. */
  public static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  private static final String TYPE = "AVRO";

  private final SchemaCatalog catalog;

  /** Serves the built-in catalog. */
  public RegistryController() {
    this(SchemaCatalog.builtIn());
  }

  RegistryController(SchemaCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * A schema.
   *
   * @param schema the schema as JSON, in a string
   */
  public record SchemaBody(String schemaType, String schema) {}

  /**
   * A version of a subject.
   *
   * @param schemaType absent for Avro, as Confluent has it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record VersionBody(
      String subject, int version, int id, @Nullable String schemaType, String schema) {}

  /** A subject and a version of it. */
  public record SubjectVersion(String subject, int version) {}

  /** An error in Confluent's form. */
  public record ErrorBody(@JsonProperty("error_code") int errorCode, String message) {}

  /** The schema that records are framed with. */
  @GetMapping(
      path = "/schemas/ids/{id}",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public SchemaBody byId(@PathVariable("id") String id) {
    return new SchemaBody(TYPE, requireSchema(id).toString());
  }

  /** The same, without anything around it. */
  @GetMapping(
      path = "/schemas/ids/{id}/schema",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public String schemaOnly(@PathVariable("id") String id) {
    return requireSchema(id).toString();
  }

  /** Where a schema stands. */
  @GetMapping(
      path = "/schemas/ids/{id}/versions",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public List<SubjectVersion> versionsOfId(@PathVariable("id") String id) {
    Schema schema = requireSchema(id);
    String subject = schema.getFullName();
    return List.of(new SubjectVersion(subject, catalog.versions(subject).indexOf(schema) + 1));
  }

  /** The kinds of schemas: Avro alone. */
  @GetMapping(
      path = "/schemas/types",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public List<String> types() {
    return List.of(TYPE);
  }

  /** The subjects, sorted. */
  @GetMapping(
      path = "/subjects",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public List<String> subjects() {
    return catalog.subjects();
  }

  /** The versions of a subject, oldest first, from 1. */
  @GetMapping(
      path = "/subjects/{subject}/versions",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public List<Integer> versions(@PathVariable("subject") String subject) {
    return IntStream.rangeClosed(1, requireVersions(subject).size()).boxed().toList();
  }

  /** A version of a subject, by number or {@code latest} (also -1). */
  @GetMapping(
      path = "/subjects/{subject}/versions/{version}",
      produces = {MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
  public VersionBody version(
      @PathVariable("subject") String subject, @PathVariable("version") String version) {
    List<Schema> versions = requireVersions(subject);
    int number = number(version, versions.size());
    if (number > versions.size()) {
      throw new NotServed(HttpStatus.NOT_FOUND, 40402, "Version " + number + " not found.");
    }
    Schema schema = versions.get(number - 1);
    return new VersionBody(subject, number, SchemaCatalog.id(schema), null, schema.toString());
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> notServed(NotServed error) {
    return ResponseEntity.status(error.status)
        .contentType(MediaType.parseMediaType(MEDIA_TYPE))
        .body(new ErrorBody(error.code, String.valueOf(error.getMessage())));
  }

  private Schema requireSchema(String id) {
    try {
      return catalog.byId(Integer.parseInt(id)).orElseThrow(() -> noSchema(id));
    } catch (NumberFormatException notANumber) {
      throw noSchema(id);
    }
  }

  private List<Schema> requireVersions(String subject) {
    List<Schema> versions = catalog.versions(subject);
    if (versions.isEmpty()) {
      throw new NotServed(HttpStatus.NOT_FOUND, 40401, "Subject '" + subject + "' not found.");
    }
    return versions;
  }

  private static int number(String version, int latest) {
    if (version.equals("latest") || version.equals("-1")) {
      return latest;
    }
    try {
      int number = Integer.parseInt(version);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Answered below, as any other that is none.
    }
    throw new NotServed(
        HttpStatus.UNPROCESSABLE_CONTENT,
        42202,
        "The specified version '"
            + version
            + "' is not a valid version id. Allowed values are 1 and more, and \"latest\".");
  }

  private static NotServed noSchema(String id) {
    return new NotServed(HttpStatus.NOT_FOUND, 40403, "Schema " + id + " not found");
  }

  /** What is asked for is not there; expected, so it costs no stack trace. */
  static final class NotServed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final int code;

    NotServed(HttpStatus status, int code, String message) {
      super(message, null, false, false);
      this.status = status;
      this.code = code;
    }
  }
}
