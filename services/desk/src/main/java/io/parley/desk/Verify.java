package io.parley.desk;

import io.parley.projection.audit.export.DiffersException;
import io.parley.projection.audit.export.NoExportException;
import io.parley.projection.audit.export.OfflineVerification;
import io.parley.projection.audit.export.OfflineVerification.Noted;
import io.parley.projection.audit.export.OfflineVerification.Verified;
import io.parley.projection.restricted.RestrictedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies an export with nothing but its file. */
final class Verify {
  static final String USAGE =
      """
      usage: ./parley verify FILE.zip [--head HASH]

      Verifies an export offline: every file's checksum, every entry with its event's bytes, the chain of
      hashes. --head is a hash that was written down earlier, which must be that of an entry, or a head of
      restricted events: without it nobody can tell a record whose end was cut off, or that was written
      anew as a whole.
      Exit status: 0 (VERIFIED), 1 (DIFFERS, with the first difference), 2 (not an export, not readable,
      or of a later version than this).
      """;

  private Verify() {}

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("head"));
    if (arguments.rest().size() != 1) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "which file?");
    }
    String head = arguments.option("head").map(text -> text.toLowerCase(Locale.ROOT)).orElse(null);
    if (head != null && !head.matches("[0-9a-f]{64}")) {
      throw new CommandFailed(
          CommandFailed.BAD_USAGE, "--head is a hash: 64 hexadecimal digits, not " + head);
    }
    Verified verified = file(Path.of(arguments.rest().getFirst()), head);
    verified.notedAt().ifPresent(at -> System.out.println("the noted head is " + at(at, verified)));
    verified
        .restricted()
        .forEach(
            (service, end) -> {
              if (end.events() > 0) {
                System.out.printf(
                    "restricted: %d events of %s, %s%n",
                    end.events(),
                    service,
                    end.hash().isEmpty() ? "in no chain" : "head " + end.hash());
              }
            });
    String erased =
        verified.erased() == 0 ? "" : " (%d of them erased)".formatted(verified.erased());
    System.out.printf(
        "VERIFIED %d events%s, head %s%n", verified.length(), erased, verified.headHash());
  }

  private static String at(Noted noted, Verified verified) {
    RestrictedHead end = verified.restricted().get(noted.service());
    return end == null
        ? "entry %d of %d".formatted(noted.number(), verified.length())
        : "restricted event %d of %d of %s"
            .formatted(noted.number(), end.events(), noted.service());
  }

  /**
   * Verifies a file.
   *
   * @param head a hash that must be that of an entry, or null
   * @throws CommandFailed where it differs, once that is printed, or is no export
   */
  static Verified file(Path file, @Nullable String head) throws CommandFailed {
    if (!Files.isRegularFile(file)) {
      throw CommandFailed.unusable("there is no file " + file);
    }
    Progress progress = Progress.over(List.of(file));
    try {
      return OfflineVerification.verify(file, head, progress::at);
    } catch (DiffersException e) {
      progress.end();
      System.out.println("DIFFERS " + e.getMessage());
      throw new CommandFailed(CommandFailed.SAID_NO, file + " is not as it was handed out", e);
    } catch (NoExportException e) {
      throw CommandFailed.unusable(file + " cannot be checked: " + e.getMessage());
    } catch (IOException e) {
      throw CommandFailed.unusable(file + " cannot be read: " + e.getMessage());
    } finally {
      progress.end();
    }
  }
}
