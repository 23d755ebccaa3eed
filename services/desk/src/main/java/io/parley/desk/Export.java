package io.parley.desk;

import io.parley.projection.audit.export.OfflineVerification.Verified;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Downloads a negotiation's record, and keeps it once it is verified. */
final class Export {
  static final String USAGE =
      """
      usage: ./parley export NEGOTIATION FILE.zip [--as-of MOMENT] [--parts open]
                             [--url URL] [--token TOKEN] [--data DIR]

      Downloads the record of a negotiation, verifies it, and puts it into place; the file is there whole or
      not at all. --as-of is an instant such as 2025-05-14T12:00:00Z or a sequence number. --parts open
      leaves out what not everybody may know of, so that the file can be handed on. The hash that it
      prints is what to write down: ./parley verify FILE.zip --head HASH.
      """;

  private static final int PROBLEM_BYTES = 1 << 16;

  private Export() {}

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("as-of", "parts", "url", "token", "data"));
    if (arguments.rest().size() != 2) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "which negotiation, and into which file?");
    }
    String negotiation = arguments.rest().getFirst();
    Path file = Path.of(arguments.rest().getLast()).toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "there cannot be a file " + file);
    }
    List<String> query = new ArrayList<>();
    arguments.option("as-of").ifPresent(moment -> query.add("asOf=" + Origin.encoded(moment)));
    arguments.option("parts").ifPresent(parts -> query.add("parts=" + Origin.encoded(parts)));
    Verified verified = keep(Origin.of(arguments, "auditor"), negotiation, query, file);
    System.out.printf(
        "%d events of %s in %s, head %s%n",
        verified.length(), verified.negotiation(), arguments.rest().getLast(), verified.headHash());
  }

  /**
   * Downloads, verifies and keeps a record.
   *
   * @param query parameters as {@code NAME=VALUE}
   * @param file an absolute path, in a folder that is there
   */
  static Verified keep(Origin auditor, String negotiation, List<String> query, Path file)
      throws CommandFailed {
    String path =
        "/api/audit/negotiations/"
            + Origin.encoded(negotiation)
            + "/export"
            + (query.isEmpty() ? "" : "?" + String.join("&", query));
    return download(auditor, path, Objects.requireNonNull(file.getParent()), file);
  }

  private static Verified download(Origin origin, String path, Path folder, Path file)
      throws CommandFailed {
    HttpResponse<InputStream> response;
    try {
      response = origin.download(path, "application/zip, application/problem+json");
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.NOT_REACHABLE, "nothing answers at " + origin.url(), e);
    }
    Path whole = null;
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        String said = new String(body.readNBytes(PROBLEM_BYTES), StandardCharsets.UTF_8);
        throw new CommandFailed(
            CommandFailed.SAID_NO, new Origin.Answer(response.statusCode(), said).problem());
      }
      // Beside it, so that it can be moved in one step; for the owner alone, as it may be
      // restricted.
      whole = Files.createTempFile(folder, "." + file.getFileName(), ".part");
      try (OutputStream out = Files.newOutputStream(whole)) {
        body.transferTo(out);
      }
      Verified verified = Verify.file(whole, null);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      return verified;
    } catch (IOException e) {
      throw new CommandFailed(
          CommandFailed.SAID_NO,
          "the export was cut off, or cannot be written: " + e.getMessage(),
          e);
    } finally {
      delete(whole);
    }
  }

  private static void delete(@Nullable Path part) throws CommandFailed {
    try {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.SAID_NO, part + " is left behind", e);
    }
  }
}
