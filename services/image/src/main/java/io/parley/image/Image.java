package io.parley.image;

import io.parley.announcement.AnnouncementService;
import io.parley.delegation.DelegationService;
import io.parley.projection.ProjectionService;
import io.parley.schedule.ScheduleService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;

/**
 * What a container of the image runs: the part that {@code PARLEY_SERVICE} names. One image for
 * all, so that they are of one version and share their layers.
 */
public final class Image {
  private static final String PARTS =
      "schedule, delegation, announcement, projection, setup, secrets or token";

  private Image() {}

  /** Runs the part; the status is 2 where there is no such part. */
  public static void main(String[] arguments) {
    // Beside another application.yaml on a class path, this one keeps its own.
    System.setProperty("spring.config.name", "apart");
    String part = System.getenv().getOrDefault("PARLEY_SERVICE", "");
    switch (part) {
      case "schedule" -> writing(ScheduleService.class, arguments);
      case "delegation" -> writing(DelegationService.class, arguments);
      case "announcement" -> writing(AnnouncementService.class, arguments);
      case "projection" ->
          start(List.of(ProjectionService.class, SystemDocs.class), Map.of(), arguments);
      case "setup" -> Setup.run(arguments);
      case "secrets" -> Secrets.make(arguments);
      case "token" -> Identity.token(List.of(arguments));
      default -> {
        System.err.println("PARLEY_SERVICE is " + PARTS + ", not '" + part + "'");
        System.exit(2);
      }
    }
  }

  /** A write service has no database. */
  private static void writing(Class<?> service, String[] arguments) {
    start(
        List.of(service),
        Map.of("spring.autoconfigure.exclude", R2dbcAutoConfiguration.class.getName()),
        arguments);
  }

  private static void start(
      List<Class<?>> sources, Map<String, Object> settings, String[] arguments) {
    SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
    application.setWebApplicationType(WebApplicationType.REACTIVE);
    application.setDefaultProperties(new HashMap<>(settings));
    application.run(arguments);
  }
}
