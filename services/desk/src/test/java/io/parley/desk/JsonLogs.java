package io.parley.desk;

import io.parley.journal.reading.Door;
import io.parley.journal.reading.Doors;
import io.parley.journal.reading.ReadingConfiguration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What any service is made of, with a path that fails; asks for it once, and ends. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ReadingConfiguration.class, JsonLogs.Failing.class})
public class JsonLogs {
  /** The path. */
  @RestController
  public static class Failing {
    /** Fails. */
    @GetMapping("/fails")
    public String fail() {
      throw new IllegalStateException("on purpose");
    }

    /** What has no door is not there. */
    @Bean
    static Doors door() {
      return Doors.of(Door.get("/fails", Door.To.ANYBODY));
    }
  }

  /** Asks with the setting {@code traceparent}. */
  public static void main(String[] arguments) throws Exception {
    try (var service = SpringApplication.run(JsonLogs.class, arguments);
        HttpClient client = HttpClient.newHttpClient()) {
      String port = service.getEnvironment().getRequiredProperty("local.server.port");
      client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/fails"))
              .header("traceparent", service.getEnvironment().getRequiredProperty("traceparent"))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }
}
