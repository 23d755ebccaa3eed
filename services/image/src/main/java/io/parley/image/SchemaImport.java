package io.parley.image;

import io.parley.schemas.wire.SchemaCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings the schemas to an Apicurio registry under the ids that the build fixes (ADR 3, ADR 17).
 * The Confluent-compatible API of Apicurio takes no ids; its import of what another Apicurio
 * exported does, so that is what is written here (format 3.0).
 */
final class SchemaImport {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaImport.class);
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();

  private final URI registry;
  private final HttpClient http;

  SchemaImport(URI registry, @Nullable Path authority) {
    this.registry = registry;
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(WITHIN);
    if (authority != null) {
      client.sslContext(trusting(authority));
    }
    this.http = client.build();
  }

  private static SSLContext trusting(Path authority) {
    PemSslStoreDetails certificates =
        PemSslStoreDetails.forCertificate(authority.toUri().toString());
    return SslBundle.of(new PemSslStoreBundle(null, certificates)).createSslContext();
  }

  /**
   * Imports what the registry does not have, and then asks it for every schema by its id.
   *
   * @throws IllegalStateException where it has an id of ours for something else, or a subject of
   *     ours under other ids
   */
  void run() {
    SchemaCatalog catalog = SchemaCatalog.builtIn();
    Map<String, List<Schema>> missing = new TreeMap<>();
    int all = 0;
    for (String subject : catalog.subjects()) {
      List<Schema> versions = catalog.versions(subject);
      all += versions.size();
      if (!versions.stream().allMatch(this::isThere)) {
        missing.put(subject, versions);
      }
    }
    if (!missing.isEmpty()) {
      send(archive(missing));
    }
    for (String subject : catalog.subjects()) {
      for (Schema schema : catalog.versions(subject)) {
        if (!isThere(schema)) {
          throw new IllegalStateException(
              "the registry does not have " + subject + " as " + SchemaCatalog.id(schema));
        }
      }
    }
    LOG.info("{} schemas of {} subjects are in the registry", all, catalog.subjects().size());
  }

  private boolean isThere(Schema schema) {
    HttpResponse<String> answer =
        ask(request("/apis/ccompat/v7/schemas/ids/" + SchemaCatalog.id(schema)).GET().build());
    if (answer.statusCode() == 404) {
      return false;
    }
    JsonNode body = JSON.readTree(required(answer).body());
    Schema known = new Schema.Parser().parse(body.get("schema").asString());
    if (!canonical(known).equals(canonical(schema))) {
      throw new IllegalStateException(
          "the registry has %s as %d, which is the id of %s"
              .formatted(known.getFullName(), SchemaCatalog.id(schema), schema.getFullName()));
    }
    return true;
  }

  private void send(byte[] archive) {
    required(
        ask(
            request("/apis/registry/v3/admin/import")
                .header("Content-Type", "application/zip")
                .header("X-Registry-Preserve-ContentId", "true")
                .header("X-Registry-Preserve-GlobalId", "true")
                .POST(HttpRequest.BodyPublishers.ofByteArray(archive))
                .build()));
  }

  private static byte[] archive(Map<String, List<Schema>> subjects) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      add(
          zip,
          "manifest-parley.Manifest.json",
          object(
              "systemVersion",
              "3.3.3",
              "systemName",
              "Parley",
              "systemDescription",
              "",
              "exportVersion",
              "3.0",
              "exportedOn",
              0,
              "exportedBy",
              "parley",
              "dbVersion",
              "109"));
      for (Map.Entry<String, List<Schema>> subject : subjects.entrySet()) {
        for (Schema schema : subject.getValue()) {
          content(zip, schema);
        }
        subject(zip, subject.getKey(), subject.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void content(ZipOutputStream zip, Schema schema) throws IOException {
    String text = schema.toString();
    String hash = sha256(text);
    add(
        zip,
        "content/" + hash + ".Content.json",
        object(
            "contentId",
            SchemaCatalog.id(schema),
            "canonicalHash",
            sha256(canonical(schema)),
            "contentHash",
            hash,
            "artifactType",
            "AVRO",
            "contentType",
            "application/json",
            "serializedReferences",
            null));
    entry(zip, "content/" + hash + ".Content.data", text);
  }

  private static void subject(ZipOutputStream zip, String name, List<Schema> versions)
      throws IOException {
    String directory = "groups/default/artifacts/" + name + "/";
    add(zip, directory + "MetaData.Artifact.json", stamped(name, "artifactType", "AVRO"));
    List<String> numbers =
        IntStream.rangeClosed(1, versions.size()).mapToObj(Integer::toString).toList();
    for (int i = 0; i < versions.size(); i++) {
      int id = SchemaCatalog.id(versions.get(i));
      add(
          zip,
          directory + "versions/" + numbers.get(i) + ".ArtifactVersion.json",
          stamped(
              name,
              "globalId",
              id,
              "version",
              numbers.get(i),
              "versionOrder",
              i + 1,
              "state",
              "ENABLED",
              "contentId",
              id));
    }
    add(
        zip,
        directory + "branches/latest.Branch.json",
        stamped(name, "branchId", "latest", "systemDefined", true, "versions", numbers));
  }

  private static Map<String, @Nullable Object> stamped(String name, @Nullable Object... more) {
    Map<String, @Nullable Object> body =
        object(
            "groupId",
            null,
            "artifactId",
            name,
            "owner",
            "",
            "createdOn",
            0,
            "modifiedBy",
            "",
            "modifiedOn",
            0);
    body.putAll(object(more));
    return body;
  }

  private static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      body.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return body;
  }

  private static void add(ZipOutputStream zip, String name, Map<String, @Nullable Object> body)
      throws IOException {
    entry(zip, name, JSON.writeValueAsString(body));
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private static String canonical(Schema schema) {
    return SchemaNormalization.toParsingForm(schema);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(registry.resolve(path)).timeout(WITHIN);
  }

  private HttpResponse<String> ask(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("the registry " + registry + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the registry", e);
    }
  }

  private static HttpResponse<String> required(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "the registry says %d to %s: %s"
              .formatted(answer.statusCode(), answer.uri(), answer.body()));
    }
    return answer;
  }
}
