package io.parley.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.schemas.release.Samples;
import io.parley.schemas.schedule.VenueChanged;
import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record that may stand on a topic, through the generated classes and back. */
class RoundTripTest {
  static List<Schema> schemas() {
    SchemaCatalog catalog = SchemaCatalog.builtIn();
    return catalog.subjects().stream().map(s -> catalog.versions(s).getLast()).toList();
  }

  static Stream<Named<Schema>> named() {
    return schemas().stream().map(schema -> Named.of(schema.getFullName(), schema));
  }

  @ParameterizedTest
  @MethodSource("named")
  void everyFieldSurvives(Schema schema) throws IOException {
    GenericRecord sample = Samples.full(schema);
    SpecificRecord read = survives(sample);
    // Any other value in any field makes another record.
    for (Schema.Field field : schema.getFields()) {
      SpecificRecordBase other = (SpecificRecordBase) Wire.decode(framed(sample));
      SpecificRecord poor = Wire.decode(framed(Samples.required(schema)));
      Object value = poor.get(field.pos());
      if (value == null || !value.equals(read.get(field.pos()))) {
        other.put(field.pos(), value);
        assertThat(other).as(field.name()).isNotEqualTo(read);
      }
    }
  }

  /**
   * The records of the catalog and every record inside them, such as headers, sources and places.
   */
  static Stream<Named<Schema>> parts() {
    Map<String, Schema> parts = new TreeMap<>();
    schemas().forEach(schema -> collect(schema, parts));
    return parts.values().stream().map(schema -> Named.of(schema.getFullName(), schema));
  }

  private static void collect(Schema schema, Map<String, Schema> parts) {
    switch (schema.getType()) {
      case RECORD -> {
        if (parts.put(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), parts));
        }
      }
      case ARRAY -> collect(schema.getElementType(), parts);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, parts));
      default -> {}
    }
  }

  @ParameterizedTest
  @MethodSource("parts")
  void whatHasADefaultNeedNotBeSet(Schema schema) throws IOException {
    byte[] bytes = framed(Samples.required(schema));
    Class<?> type = SpecificData.get().getClass(schema);
    SpecificRecord expected = avros(schema, bytes);
    SpecificRecord made = (SpecificRecord) SpecificData.newInstance(type, schema);
    for (Schema.Field field : schema.getFields()) {
      if (!field.hasDefaultValue()) {
        made.put(field.pos(), expected.get(field.pos()));
      }
    }
    assertThat(made).isEqualTo(expected);
    assertThat(Wire.encode(made)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("named")
  void requiredFieldsAloneSurvive(Schema schema) throws IOException {
    survives(Samples.required(schema));
  }

  @ParameterizedTest
  @MethodSource("named")
  void whatIsCutOffOrMoreThanARecordIsNone(Schema schema) throws IOException {
    for (byte[] framed : List.of(framed(Samples.required(schema)), framed(Samples.full(schema)))) {
      for (int length : new int[] {framed.length - 1, framed.length + 1, framed.length + 9_000}) {
        byte[] other = Arrays.copyOf(framed, length);
        assertThatThrownBy(() -> Wire.decode(other))
            .as("%d bytes of %d", length, framed.length)
            .isInstanceOf(AvroRuntimeException.class);
        assertThatThrownBy(() -> Wire.decode(ByteBuffer.wrap(other)))
            .isInstanceOf(AvroRuntimeException.class);
      }
      // In a larger buffer only what remains in it counts.
      ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(framed, framed.length + 7));
      assertThat(Wire.decode(part.limit(framed.length))).isEqualTo(Wire.decode(framed));
    }
  }

  @ParameterizedTest
  @MethodSource("named")
  void whatIsRequiredMustBeSet(Schema schema) throws IOException {
    for (Schema.Field field : schema.getFields()) {
      boolean canBeMissing =
          switch (field.schema().getType()) {
            case RECORD, ENUM, STRING, BYTES -> !field.hasDefaultValue();
            default -> false;
          };
      if (canBeMissing) {
        SpecificRecord record = Wire.decode(framed(Samples.required(schema)));
        record.put(field.pos(), null);
        assertThatThrownBy(() -> Wire.encode(record))
            .as(field.name())
            .isInstanceOfAny(AvroRuntimeException.class, NullPointerException.class)
            .hasMessageContaining(field.name());
      }
    }
  }

  @Property(tries = 500)
  void anyRecordSurvives(@ForAll("anySchema") Schema schema, @ForAll int seed) throws IOException {
    survives((GenericRecord) new RandomData(schema, 1, (long) seed).iterator().next());
  }

  @Property(tries = 2000)
  void damagedBytesAreWhatAvroReadsOrNothing(
      @ForAll("anySchema") Schema schema,
      @ForAll int seed,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll byte other)
      throws IOException {
    byte[] bytes = damaged(schema, seed, places, other);
    Optional<SpecificRecord> read = readable(bytes);
    if (read.isPresent()) {
      assertThat(read.get()).isEqualTo(avros(schema, bytes));
    }
  }

  /**
   * It has no list, which may come in several blocks: its bytes are those that it would be given.
   */
  @Property(tries = 2000)
  void anEntryHasOneEncoding(
      @ForAll int seed,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll byte other)
      throws IOException {
    byte[] bytes = damaged(TimelineEntry.SCHEMA$, seed, places, other);
    readable(bytes).ifPresent(entry -> assertThat(Wire.encode(entry)).isEqualTo(bytes));
  }

  private static byte[] damaged(Schema schema, int seed, List<Integer> places, byte other)
      throws IOException {
    byte[] bytes = framed((GenericRecord) new RandomData(schema, 1, (long) seed).iterator().next());
    for (int place : places) {
      bytes[Wire.FRAMING_BYTES + place % (bytes.length - Wire.FRAMING_BYTES)] = other;
    }
    return bytes;
  }

  private static Optional<SpecificRecord> readable(byte[] bytes) {
    try {
      return Optional.of(Wire.decode(bytes));
    } catch (AvroRuntimeException damaged) {
      return Optional.empty();
    }
  }

  @Property(tries = 100)
  void listsMayComeInBlocks(@ForAll("anySchema") Schema schema, @ForAll int seed)
      throws IOException {
    GenericRecord sample = (GenericRecord) new RandomData(schema, 1, (long) seed).iterator().next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(framed(sample), 0, Wire.FRAMING_BYTES);
    BinaryEncoder encoder =
        new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(sample, encoder);
    encoder.flush();
    assertThat(Wire.decode(bytes.toByteArray())).isEqualTo(Wire.decode(framed(sample)));
  }

  @Test
  void placesInPlacesHaveAnEnd() throws IOException {
    Place innermost = new Place().id("a").kind(PlaceKind.CITY);
    assertThat(Wire.decode(Wire.encode(moved(within(innermost, 90))))).isNotNull();
    byte[] deep = Wire.encode(moved(within(innermost, 200)));
    assertThatThrownBy(() -> Wire.decode(deep))
        .isInstanceOf(AvroRuntimeException.class)
        .hasRootCauseMessage("records in more than 100 others");
  }

  private static Place within(Place place, int times) {
    Place outer = place;
    for (int i = 0; i < times; i++) {
      outer = new Place().id("a").kind(PlaceKind.CITY).within(outer);
    }
    return outer;
  }

  private static VenueChanged moved(Place place) throws IOException {
    VenueChanged event = (VenueChanged) Wire.decode(framed(Samples.required(VenueChanged.SCHEMA$)));
    return event.place(place);
  }

  private static SpecificRecord avros(Schema schema, byte[] framed) throws IOException {
    Class<?> type = SpecificData.get().getClass(schema);
    return new SpecificDatumReader<SpecificRecord>(schema, schema, SpecificData.getForClass(type))
        .read(null, payload(framed));
  }

  @Provide
  Arbitrary<Schema> anySchema() {
    return Arbitraries.of(schemas());
  }

  private static SpecificRecord survives(GenericRecord sample) throws IOException {
    byte[] bytes = framed(sample);
    SpecificRecord read = Wire.decode(bytes);
    assertThat(read.getClass().getName()).isEqualTo(sample.getSchema().getFullName());
    byte[] again = Wire.encode(read);
    assertThat(again).isEqualTo(bytes);
    SpecificRecord twice = Wire.decode(again);
    assertThat(twice).isEqualTo(read).hasSameHashCodeAs(read).hasToString(read.toString());
    assertThat(((SpecificRecordBase) twice).compareTo((SpecificRecordBase) read)).isZero();
    assertThat(SpecificData.getForSchema(read.getSchema()).deepCopy(read.getSchema(), read))
        .isEqualTo(read);
    // What another program reads, that has the schema and not the classes.
    GenericRecord elsewhere =
        new GenericDatumReader<GenericRecord>(sample.getSchema()).read(null, payload(again));
    // Texts come back as Utf8, so the two are compared as they print.
    assertThat(elsewhere).hasToString(sample.toString());
    return read;
  }

  private static BinaryDecoder payload(byte[] framed) {
    int length = framed.length - Wire.FRAMING_BYTES;
    return DecoderFactory.get().binaryDecoder(framed, Wire.FRAMING_BYTES, length, null);
  }

  private static byte[] framed(GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        ByteBuffer.allocate(Wire.FRAMING_BYTES)
            .put((byte) 0)
            .putInt(SchemaCatalog.id(record.getSchema()))
            .array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
