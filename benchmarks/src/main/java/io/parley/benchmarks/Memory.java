package io.parley.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Memory of one process, without its children's, as the kernel counts it.
 *
 * @param nowMib VmRSS
 * @param mostMib VmHWM
 */
record Memory(long nowMib, long mostMib) {

  static Memory of(ProcessHandle process) throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
    return new Memory(mib(status, "VmRSS:"), mib(status, "VmHWM:"));
  }

  private static long mib(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d MiB resident, at most %d MiB", nowMib, mostMib);
  }
}
