package io.parley.image;

import io.parley.journal.reading.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the keys, certificates and passwords of a Compose stack, once, each part's in a directory
 * of its own, of which a container is given no more than its own. Where an operator or a vault
 * makes them, this is not used.
 *
 * <p>Files are named after the settings that they are the values of, so that Spring reads them
 * ({@code configtree:}). What is written has an owner: the user that its container runs as.
 */
final class Secrets {
  private static final int BROKERS = 3;
  private static final String PASSWORD = "of a file that is gone in a moment";

  /** The users of the containers: in the images of Kafka and of PostgreSQL, and in ours. */
  private static final int KAFKA_UID = 1000;

  private static final int PARLEY_UID = 10001;
  private static final int POSTGRES_UID = 999;

  private static final int ROOT_UID = 0;

  private final Path root;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> passwords = new TreeMap<>();

  private Secrets(Path root) {
    this.root = root;
  }

  static void make(String[] arguments) {
    Path root = Path.of(arguments.length == 0 ? "/secrets" : arguments[0]);
    // Written last: where it is, all are.
    Path identity = root.resolve("identity/private.jwk.json");
    if (Files.exists(identity)) {
      System.out.println("the secrets are there");
      return;
    }
    try {
      new Secrets(root).all(identity);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the secrets cannot be made in " + root, e);
    }
    System.out.println("the secrets are made");
  }

  private void all(Path identity) throws IOException, GeneralSecurityException {
    List<String> brokers =
        IntStream.rangeClosed(1, BROKERS).mapToObj(each -> "kafka-" + each).toList();
    KeyStore keys =
        certificates(
            Stream.concat(brokers.stream(), Stream.of("setup", "postgres", "registry")).toList());
    String authority = pem("CERTIFICATE", keys.getCertificate("ca").getEncoded());
    for (String broker : brokers) {
      write(broker, "keystore.pem", keyAndChain(keys, broker), KAFKA_UID);
      write(broker, "ca.pem", authority, KAFKA_UID);
    }
    SigningKey whoSigns = SigningKey.fresh();
    for (String service : Rights.services()) {
      write(service, "tls/ca.pem", authority, PARLEY_UID);
      write(service, "keys/public.jwks.json", whoSigns.publicKeys(), PARLEY_UID);
      String login =
          "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
              .formatted(service, password(service));
      write(service, "parley.kafka.client.sasl.jaas.config", login, PARLEY_UID);
      write("setup", "parley.setup.users." + service, password(service), PARLEY_UID);
    }
    write("setup", "tls/ca.pem", authority, PARLEY_UID);
    write("setup", "tls/keystore.pem", keyAndChain(keys, "setup"), PARLEY_UID);
    write("setup", "spring.r2dbc.password", password("parley_owner"), PARLEY_UID);
    write("projection", "spring.r2dbc.password", password("parley_projection"), PARLEY_UID);
    for (String role : List.of("postgres", "parley_owner", "parley_projection", "registry")) {
      write("postgres", role, password(role), POSTGRES_UID);
    }
    write("postgres", "keystore.pem", keyAndChain(keys, "postgres"), POSTGRES_UID);
    Map<String, String> registry =
        Map.of(
            "registry.properties",
            registry(),
            "keystore.pem",
            keyAndChain(keys, "registry"),
            "ca.pem",
            authority);
    for (Map.Entry<String, String> file : registry.entrySet()) {
      write("registry", file.getKey(), file.getValue(), ROOT_UID);
      // Of another user in each make of that image: nobody else is given this directory.
      allowAll(root.resolve("registry").resolve(file.getKey()));
    }
    write("identity", identity.getFileName().toString(), whoSigns.json(), PARLEY_UID);
  }

  private String registry() {
    return """
        apicurio.storage.kind=sql
        apicurio.storage.sql.kind=postgresql
        apicurio.datasource.url=jdbc:postgresql://postgres:5432/registry?sslmode=verify-full&sslrootcert=/run/secrets/registry/ca.pem
        apicurio.datasource.username=registry
        apicurio.datasource.password=%s
        apicurio.datasource.jdbc.initial-size=1
        apicurio.datasource.jdbc.min-size=1
        apicurio.datasource.jdbc.max-size=10
        quarkus.http.insecure-requests=disabled
        quarkus.http.ssl-port=8443
        quarkus.http.ssl.certificate.files=/run/secrets/registry/keystore.pem
        quarkus.http.ssl.certificate.key-files=/run/secrets/registry/keystore.pem
        """
        .formatted(password("registry"));
  }

  private String password(String of) {
    return passwords.computeIfAbsent(
        of,
        any -> {
          byte[] bytes = new byte[24];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes);
        });
  }

  /** A key for each name, signed by a key of its own that is then forgotten. */
  private static KeyStore certificates(List<String> names)
      throws IOException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("parley");
    Path file = directory.resolve("keys.p12");
    try {
      keytool(file, "ca", "-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign");
      for (String name : names) {
        keytool(
            file,
            name,
            "-signer",
            "ca",
            "-ext",
            "san=dns:" + name + ",dns:localhost",
            "-ext",
            "eku=serverAuth,clientAuth");
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      return keys;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  /** The JDK has no other way to sign a certificate. */
  private static void keytool(Path file, String name, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD,
                "-storetype",
                "PKCS12",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "3650"));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private static String keyAndChain(KeyStore keys, String name) throws GeneralSecurityException {
    Key key = keys.getKey(name, PASSWORD.toCharArray());
    StringBuilder text = new StringBuilder(pem("PRIVATE KEY", key.getEncoded()));
    for (Certificate certificate : keys.getCertificateChain(name)) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  private static String pem(String what, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, lines);
  }

  private void write(String part, String name, String text, int uid) throws IOException {
    Path file = root.resolve(part).resolve(name);
    Path directory = root.resolve(part);
    Files.createDirectories(file.getParent());
    for (Path each : List.of(directory, file.getParent())) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
    Files.setAttribute(file, "unix:uid", uid);
  }

  private static void allowAll(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
