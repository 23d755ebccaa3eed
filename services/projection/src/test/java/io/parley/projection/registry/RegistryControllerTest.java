package io.parley.projection.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.TimelineEntry;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

class RegistryControllerTest {
  private static final String OPENED = "io.parley.schemas.schedule.MeetingOpened";

  private final WebTestClient client =
      WebTestClient.bindToController(new RegistryController()).build();

  @Test
  void aFramedRecordsIdFindsItsSchema() {
    int id = SchemaCatalog.id(TimelineEntry.SCHEMA$);
    get("/schemas/ids/" + id)
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentTypeCompatibleWith(RegistryController.MEDIA_TYPE)
        .expectBody()
        .jsonPath("$.schemaType")
        .isEqualTo("AVRO")
        .jsonPath("$.schema")
        .value(String.class, text -> assertThat(parse(text)).isEqualTo(TimelineEntry.SCHEMA$));
    get("/schemas/ids/" + id + "/schema")
        .expectBody(String.class)
        .value(text -> assertThat(parse(text)).isEqualTo(TimelineEntry.SCHEMA$));
    get("/schemas/ids/" + id + "/versions")
        .expectBody()
        .json("[{\"subject\":\"io.parley.schemas.TimelineEntry\",\"version\":1}]");
  }

  /** The path that a decoder takes: from the bytes to the schema. */
  @Test
  void theIdInTheFramingIsTheOneThatIsServed() {
    byte[] framed = Wire.encode(new io.parley.schemas.OutcomeQuery().commandId("c"));
    get("/schemas/ids/" + Wire.schemaId(framed))
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.schema")
        .value(String.class, text -> assertThat(parse(text).getName()).isEqualTo("OutcomeQuery"));
  }

  @Test
  void listsTypesSubjectsAndVersions() {
    get("/schemas/types").expectBody().json("[\"AVRO\"]");
    get("/subjects")
        .expectBody(String[].class)
        .value(subjects -> assertThat(subjects).contains(OPENED).isSorted());
    get("/subjects/" + OPENED + "/versions").expectBody().json("[1]");
  }

  @ParameterizedTest
  @CsvSource({"1", "latest", "-1"})
  void aVersionOfASubject(String version) {
    get("/subjects/" + OPENED + "/versions/" + version)
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.subject")
        .isEqualTo(OPENED)
        .jsonPath("$.version")
        .isEqualTo(1)
        .jsonPath("$.id")
        .isEqualTo(SchemaCatalog.id(MeetingOpened.SCHEMA$))
        .jsonPath("$.schemaType")
        .doesNotExist()
        .jsonPath("$.schema")
        .value(String.class, text -> assertThat(parse(text)).isEqualTo(MeetingOpened.SCHEMA$));
  }

  @ParameterizedTest
  @CsvSource({
    "/schemas/ids/1, 404, 40403",
    "/schemas/ids/nonsense, 404, 40403",
    "/schemas/ids/99999999999, 404, 40403",
    "/subjects/nobody/versions, 404, 40401",
    "/subjects/nobody/versions/latest, 404, 40401",
    "/subjects/io.parley.schemas.schedule.MeetingOpened/versions/2, 404, 40402",
    "/subjects/io.parley.schemas.schedule.MeetingOpened/versions/0, 422, 42202",
    "/subjects/io.parley.schemas.schedule.MeetingOpened/versions/first, 422, 42202",
  })
  void errorsAreInConfluentsForm(String path, int status, int code) {
    get(path)
        .expectStatus()
        .isEqualTo(status)
        .expectHeader()
        .contentTypeCompatibleWith(RegistryController.MEDIA_TYPE)
        .expectBody()
        .jsonPath("$.error_code")
        .isEqualTo(code)
        .jsonPath("$.message")
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json",
    "*/*, application/vnd.schemaregistry.v1+json",
    "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry.v1+json",
  })
  void answersInTheTypeThatIsAskedFor(String accept, String type) {
    client
        .get()
        .uri("/subjects")
        .header(HttpHeaders.ACCEPT, accept)
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentTypeCompatibleWith(MediaType.parseMediaType(type));
    EntityExchangeResult<byte[]> confluent =
        client
            .get()
            .uri("/schemas/types")
            .header(
                HttpHeaders.ACCEPT,
                "application/vnd.schemaregistry.v1+json,"
                    + "application/vnd.schemaregistry+json; qs=0.9, application/json; qs=0.5")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult();
    assertThat(confluent.getResponseBody()).isNotEmpty();
  }

  private WebTestClient.ResponseSpec get(String path) {
    return client.get().uri(path).exchange();
  }

  private static Schema parse(String text) {
    return new Schema.Parser().parse(text);
  }
}
