package io.parley.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Processor time so far, by kind of thread of the desk, of its database and of this process.
 *
 * @param seconds by name
 */
record CpuTimes(Map<String, Double> seconds) {
  private static final Pattern THREAD =
      Pattern.compile("^\"(.+?)\" .*?cpu=([0-9.]+)ms", Pattern.MULTILINE);
  private static final Pattern RUNNING_NUMBER =
      Pattern.compile("-?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[#-]?\\d+");

  static CpuTimes of(ProcessHandle desk) throws IOException, InterruptedException {
    Map<String, Double> seconds = new HashMap<>();
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(desk.pid()),
                "Thread.print")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String threads = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    Matcher thread = THREAD.matcher(threads);
    while (thread.find()) {
      String kind = RUNNING_NUMBER.matcher(thread.group(1)).replaceAll("").strip();
      seconds.merge(kind, Double.parseDouble(thread.group(2)) / 1e3, Double::sum);
    }
    seconds.put("(PostgreSQL)", desk.descendants().mapToDouble(CpuTimes::ofProcess).sum());
    seconds.put("(this client)", ofProcess(ProcessHandle.current()));
    return new CpuTimes(seconds);
  }

  /** What was spent since, the most first. */
  String since(CpuTimes before, double wallSeconds) {
    Map<String, Double> spent = new HashMap<>();
    seconds.forEach((name, now) -> spent.put(name, now - before.seconds().getOrDefault(name, 0.0)));
    return spent.entrySet().stream()
        .filter(entry -> entry.getValue() / wallSeconds > 0.005)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(20)
        .map(
            entry ->
                "| %s | %.1f | %.0f %% |%n"
                    .formatted(
                        entry.getKey().replace('|', '/'),
                        entry.getValue(),
                        100 * entry.getValue() / wallSeconds))
        .collect(Collectors.joining());
  }

  private static double ofProcess(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }
}
