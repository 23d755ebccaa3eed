package io.parley.desk;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A bar on the terminal; nothing where the output goes elsewhere. */
final class Progress {
  private static final int WIDTH = 40;

  private final long total;
  private final boolean shown;
  private long done;
  private int percent = -1;

  private Progress(long total, boolean shown) {
    this.total = total;
    this.shown = shown;
  }

  /** Over the bytes of all the files. */
  static Progress over(List<Path> files) {
    long total = 0;
    for (Path file : files) {
      try {
        total += Files.size(file);
      } catch (IOException e) {
        // The load itself says which file cannot be read.
      }
    }
    return new Progress(
        total, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
  }

  void read(String line) {
    at(done + line.getBytes(StandardCharsets.UTF_8).length + 1);
  }

  /** So many bytes are done. */
  void at(long bytes) {
    done = bytes;
    int now = total == 0 ? 100 : (int) Math.min(100, done * 100 / total);
    if (shown && now != percent) {
      percent = now;
      int full = now * WIDTH / 100;
      System.err.printf("\r[%s%s] %3d %%", "#".repeat(full), ".".repeat(WIDTH - full), now);
    }
  }

  /** Clears the bar's line for other output. */
  void end() {
    if (shown && percent >= 0) {
      System.err.print("\r\033[K");
      percent = -1;
    }
  }
}
