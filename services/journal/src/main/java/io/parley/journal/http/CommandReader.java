package io.parley.journal.http;

import io.parley.journal.Service;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Token;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.Source;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.wire.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes a command of a JSON body, and of what the request says beside it. */
final class CommandReader {
  private static final int MAX_JSON_DEPTH = 50;
  private static final int UNIQUE_BYTES = 16;
  private static final Set<String> COMMON =
      Set.of("type", "negotiation", "occurred", "asserted", "source", "header");
  private static final String SLUG = "slug";

  private final String service;
  private final Map<String, Schema> byType;
  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_JSON_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  CommandReader(Service service) {
    this.service = service.name();
    this.byType =
        service.commands().stream().collect(Collectors.toMap(Schema::getName, Function.identity()));
  }

  /** Who sends: the subject of the token, and its roles. */
  record Sender(String subject, List<String> roles) {}

  /**
   * What a request says beside the command.
   *
   * @param key idempotency key
   * @param expectedVersion from If-Match
   * @param after tokens to wait for, as given
   */
  record Wishes(@Nullable String key, @Nullable Long expectedVersion, @Nullable String after) {}

  /** Reads bytes as one JSON value. */
  JsonNode parse(byte[] body) {
    try {
      JsonNode node = json.readTree(body);
      if (!node.isObject()) {
        throw Problem.badRequest("UNREADABLE", "a command is a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw Problem.badRequest(
          "UNREADABLE", "not readable as JSON" + where + ": " + e.getOriginalMessage());
    }
  }

  /** Makes the command, or refuses with everything that is wrong. */
  Command read(JsonNode body, Wishes wishes, Sender sender, Instant now, Set<String> alsoAllowed) {
    Faults faults = new Faults();
    Schema schema = schema(body, faults);
    Set<String> skipped = new TreeSet<>(COMMON);
    skipped.addAll(alsoAllowed);
    SchemaReader reader = new SchemaReader(faults);
    Command command = (Command) reader.fields(schema, body, "", skipped);
    CommandHeader header = common(body, reader, faults);
    if (header.source() == null && !"optional".equals(schema.getProp("source"))) {
      faults.add("/source", "is missing: a fact about the world names its source");
    }
    faults.throwIfAny();
    String unique = unique(wishes.key(), sender);
    String after = wishes.after();
    return command.header(
        header
            .id(service + "." + header.negotiation() + "." + unique)
            .author(sender.subject())
            .roles(sender.roles())
            .receivedAt(now)
            .keyed(wishes.key() != null)
            .bodyDigest(digest(body, alsoAllowed))
            .expectedVersion(wishes.expectedVersion())
            .after(after == null ? List.of() : tokens(after, header.negotiation()))
            .correlationId(service + "." + header.negotiation() + "." + unique));
  }

  private static List<String> tokens(String after, String negotiation) {
    return Token.parseList(after, negotiation).stream().map(Token::toString).toList();
  }

  private Schema schema(JsonNode body, Faults faults) {
    JsonNode type = body.get("type");
    Schema schema = type != null && type.isString() ? byType.get(type.stringValue()) : null;
    if (schema == null) {
      faults.add("/type", "must be one of " + String.join(", ", new TreeSet<>(byType.keySet())));
      faults.throwIfAny();
      throw new IllegalStateException("unreachable: a fault was added");
    }
    return schema;
  }

  private static CommandHeader common(JsonNode body, SchemaReader reader, Faults faults) {
    if (body.has("header")) {
      faults.add("/header", "there is no such field");
    }
    CommandHeader header = new CommandHeader();
    JsonNode negotiation = body.get("negotiation");
    if (negotiation == null || !negotiation.isString()) {
      faults.add("/negotiation", "is missing");
    } else {
      String wrong = Formats.fault(SLUG, negotiation.stringValue());
      if (wrong != null) {
        faults.add("/negotiation", wrong);
      }
      header.negotiation(negotiation.stringValue());
    }
    header.occurred((TemporalValue) reader.optional(TemporalValue.SCHEMA$, body, "occurred"));
    header.asserted((TemporalValue) reader.optional(TemporalValue.SCHEMA$, body, "asserted"));
    header.source((Source) reader.optional(Source.SCHEMA$, body, "source"));
    return header;
  }

  /**
   * A command with a key has the same id each time it is sent, so that it is decided once (rule
   * 26).
   */
  private static String unique(@Nullable String key, Sender sender) {
    if (key == null) {
      return UUID.randomUUID().toString().replace("-", "");
    }
    byte[] digest =
        Sha256.begin().digest((sender.subject() + "\0" + key).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(digest, UNIQUE_BYTES));
  }

  /** Of the body as canonical JSON: members sorted, white space gone. */
  private static ByteBuffer digest(JsonNode body, Set<String> left) {
    StringBuilder canonical = new StringBuilder();
    canonical(body, left, canonical);
    return ByteBuffer.wrap(
        Sha256.begin().digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void canonical(JsonNode node, Set<String> left, StringBuilder to) {
    if (node.isObject()) {
      to.append('{');
      for (String name : new TreeSet<>(node.propertyNames())) {
        if (!left.contains(name)) {
          to.append('"').append(name).append("\":");
          canonical(node.get(name), Set.of(), to);
          to.append(',');
        }
      }
      to.append('}');
    } else if (node.isArray()) {
      to.append('[');
      node.forEach(
          item -> {
            canonical(item, Set.of(), to);
            to.append(',');
          });
      to.append(']');
    } else {
      to.append(node);
    }
  }
}
