package io.parley.projection;

import io.parley.journal.reading.ParleyProperties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The projection service: settles the timeline, writes the read models and serves them. */
@SpringBootApplication(
    scanBasePackages = {"io.parley.projection", "io.parley.journal.reading"},
    proxyBeanMethods = false)
@EnableConfigurationProperties({ParleyProperties.class, ProjectionProperties.class})
public class ProjectionService {
  /** Runs the service apart. */
  public static void main(String[] arguments) {
    SpringApplication.run(ProjectionService.class, arguments);
  }
}
