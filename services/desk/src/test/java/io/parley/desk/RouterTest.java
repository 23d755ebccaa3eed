package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How long Compose's router waits for a service to say something. */
class RouterTest {
  private static final Pattern LOCATION =
      Pattern.compile("\\n  location ~ (\\S+) \\{\\n(.*?)\\n  }", Pattern.DOTALL);
  private static final Pattern HOURS = Pattern.compile("proxy_read_timeout (\\d+)h;");

  /** An export says nothing until all of it is read; a verification hardly more. */
  @Test
  void auditsMaySayNothingForHours() throws IOException {
    for (String audit : List.of("export", "verify")) {
      assertThat(patience("/api/audit/negotiations/istanbul-2025/" + audit))
          .as(audit)
          .isGreaterThanOrEqualTo(Duration.ofHours(1));
    }
    for (String other :
        List.of("/api/audit/negotiations/istanbul-2025", "/api/events", "/api/search")) {
      assertThat(patience(other)).as(other).isZero();
    }
  }

  /** What the location for a path says of its own; zero where that is nothing. */
  private static Duration patience(String path) throws IOException {
    Map<String, String> locations = new LinkedHashMap<>();
    Matcher location =
        LOCATION.matcher(Files.readString(Path.of("../../deploy/compose/router.conf")));
    while (location.find()) {
      locations.put(location.group(1), location.group(2));
    }
    return locations.entrySet().stream()
        .filter(each -> Pattern.compile(each.getKey()).matcher(path).find())
        .findFirst()
        .map(each -> HOURS.matcher(each.getValue()))
        .filter(Matcher::find)
        .map(hours -> Duration.ofHours(Long.parseLong(hours.group(1))))
        .orElse(Duration.ZERO);
  }
}
