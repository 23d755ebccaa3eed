package io.parley.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

/** Every file, and every resource that an overlay is rendered to, is what its schema says. */
class ManifestsTest {
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: one
      spec:
        ports:
          - port: 8080
      """;

  static List<Path> files() {
    return Manifests.files();
  }

  static List<String> overlays() {
    return Rendering.OVERLAYS;
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileHoldsResourcesAndNoKeyTwice(Path file) {
    assertThat(Manifests.read(file)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsOfKubernetesItselfHasOnlyFieldsThatThereAre(Path file) {
    List<Resource> own = Manifests.read(file).stream().filter(OwnKinds::has).toList();
    // What a patch says to kustomize.
    own.forEach(each -> each.json().remove("$patch"));
    assertThat(own.stream().flatMap(each -> OwnKinds.faults(each).stream())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void whatIsRenderedOfKubernetesItselfHasOnlyFieldsThatThereAre(String overlay) {
    List<Resource> own = Rendering.of(overlay).resources().stream().filter(OwnKinds::has).toList();
    assertThat(own).hasSizeGreaterThan(20);
    assertThat(own.stream().flatMap(each -> OwnKinds.faults(each).stream())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void whatIsRenderedOfOperatorsIsAsTheirDefinitionsSay(String overlay) {
    OperatorKinds kinds = operators();
    List<Resource> others =
        Rendering.of(overlay).resources().stream().filter(each -> !OwnKinds.has(each)).toList();
    assertThat(others).hasSizeGreaterThan(20);
    assertThat(others.stream().flatMap(each -> kinds.faults(each).stream())).isEmpty();
  }

  @Test
  void aKeyThatStandsThereTwiceIsRefused() {
    assertThatThrownBy(() -> Manifests.parse("a test", SERVICE + "kind: Service\n"))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining("kind");
  }

  @Test
  void whatIsNoResourceIsRefused() {
    assertThatThrownBy(() -> Manifests.parse("a test", "just: this"))
        .hasMessageContaining("no resource");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prot: 8080", "port: 8080\n      nodeport: 1", "port: {}"})
  void aFieldThatThereIsNotIsRefused(String instead) {
    assertThat(faults(SERVICE)).isEmpty();
    assertThat(faults(SERVICE.replace("port: 8080", instead))).hasSize(1);
  }

  @Test
  void whatAnOperatorDoesNotKnowIsRefused() {
    OperatorKinds kinds = operators();
    String topic =
        """
        apiVersion: kafka.strimzi.io/v1
        kind: KafkaTopic
        metadata: {name: one}
        spec: {partitions: 6, replicas: 1, config: {retention.ms: -1}}
        """;
    assertThat(faults(kinds, topic)).isEmpty();
    assertThat(faults(kinds, topic.replace("partitions", "partition")))
        .singleElement()
        .asString()
        .contains("partition");
    assertThat(faults(kinds, topic.replace("6", "six"))).hasSize(1);
    assertThat(faults(kinds, topic.replace("strimzi.io/v1", "strimzi.io/v9"))).hasSize(1);
  }

  private static Stream<String> faults(OperatorKinds kinds, String yaml) {
    return Manifests.parse("a test", yaml).stream().flatMap(each -> kinds.faults(each).stream());
  }

  private static Stream<String> faults(String yaml) {
    return Manifests.parse("a test", yaml).stream().flatMap(each -> OwnKinds.faults(each).stream());
  }

  private static OperatorKinds operators() {
    return OperatorKinds.find()
        .orElseGet(
            () ->
                Assumptions.abort(
                    "PARLEY_K8S_SCHEMAS is not set: the operators' resources are not checked"));
  }
}
