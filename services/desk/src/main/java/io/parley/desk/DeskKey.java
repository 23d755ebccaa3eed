package io.parley.desk;

import com.nimbusds.jose.JOSEException;
import io.parley.journal.reading.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The key that signs the tokens of one data directory (ES256, RFC 7518), made at its first start.
 * Whoever can read its files may do everything there: they are for their owner alone.
 */
final class DeskKey {
  static final String USAGE =
      """
      usage: ./parley token ROLE… [--data DIR] [--subject NAME] [--hours 12]

      Prints a bearer token. Roles: editor, secretariat, auditor, operator, reader, and
      party:NEGOTIATION/PARTY for what a party may record itself.
      """;

  private static final int HOURS_AT_MOST = 24 * 366;
  private static final String SLUG = "[a-z0-9][a-z0-9-]{0,62}";
  private static final Pattern ROLE =
      Pattern.compile("reader|editor|secretariat|auditor|operator|party:" + SLUG + "/" + SLUG);
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private final SigningKey key;

  private DeskKey(SigningKey key) {
    this.key = key;
  }

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("data", "subject", "hours"));
    List<String> roles = arguments.rest();
    if (roles.isEmpty()) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "which roles?");
    }
    for (String role : roles) {
      if (!ROLE.matcher(role).matches()) {
        throw new CommandFailed(CommandFailed.BAD_USAGE, "there is no role " + role);
      }
    }
    int hours = arguments.number("hours", 12, 1, HOURS_AT_MOST);
    Path data = Desk.data(arguments);
    if (!existsIn(data)) {
      throw new CommandFailed(
          CommandFailed.SAID_NO, "no key in " + data + ": it is made by the first ./parley up");
    }
    String subject = arguments.option("subject").orElse(System.getProperty("user.name", "desk"));
    System.out.println(in(data).token(roles, subject, Duration.ofHours(hours)));
  }

  /** True where a start has made the key of a data directory. */
  static boolean existsIn(Path data) {
    return Files.isReadable(privateKey(data));
  }

  /** The key of a data directory, made where there is none. */
  static DeskKey in(Path data) throws CommandFailed {
    Path file = privateKey(data);
    try {
      if (!Files.exists(file)) {
        make(data);
      }
      return new DeskKey(SigningKey.of(Files.readString(file)));
    } catch (IOException | ParseException e) {
      throw new CommandFailed(
          CommandFailed.SAID_NO, "the key " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** The public half, as a JSON Web Key Set: what the services believe. */
  static Path publicKeys(Path data) {
    return data.resolve("keys").resolve("public.jwks.json");
  }

  String token(List<String> roles, String subject, Duration validity) throws CommandFailed {
    try {
      return key.token(roles, subject, validity);
    } catch (JOSEException e) {
      throw new CommandFailed(CommandFailed.SAID_NO, "the key cannot sign: " + e.getMessage(), e);
    }
  }

  private static Path privateKey(Path data) {
    return data.resolve("keys").resolve("private.jwk.json");
  }

  private static void make(Path data) throws IOException {
    Path directory = data.resolve("keys");
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
    SigningKey fresh = SigningKey.fresh();
    // The private half last: where it is, both are.
    write(publicKeys(data), fresh.publicKeys());
    write(privateKey(data), fresh.json());
  }

  private static void write(Path file, String text) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(whole);
    Files.createFile(whole, PosixFilePermissions.asFileAttribute(OWNER_FILE));
    Files.writeString(whole, text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
