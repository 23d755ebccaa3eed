package io.parley.deployment;

import io.parley.deployment.RulesTest.Break;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a manifest is spoilt. */
final class Spoiling {
  private static final JsonMapper JSON = new JsonMapper();

  private Spoiling() {}

  static Break set(Rule rule, String id, String at, String field, Object value) {
    return new Break(
        rule,
        id,
        root ->
            object(root, at)
                .set(field, value instanceof JsonNode node ? node : JSON.valueToTree(value)));
  }

  static Break remove(Rule rule, String id, String at, String field) {
    return new Break(rule, id, root -> object(root, at).remove(field));
  }

  static Break right(Rule rule, String user, String type, String name, String operation) {
    Consumer<ObjectNode> more =
        root -> {
          ObjectNode acl = ((ArrayNode) root.at("/spec/authorization/acls")).addObject();
          acl.putObject("resource")
              .put("type", type)
              .put("name", name)
              .put("patternType", "literal");
          acl.putArray("operations").add(operation);
        };
    return new Break(rule, "KafkaUser/" + user, more);
  }

  private static ObjectNode object(ObjectNode root, String at) {
    return (ObjectNode) root.at(at);
  }

  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
