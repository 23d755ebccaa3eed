package io.parley.projection;

import io.parley.journal.reading.ReadingConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The projection service: settles the timeline, writes the read models and serves them. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan("io.parley.projection")
@EnableConfigurationProperties(ProjectionProperties.class)
@Import(ReadingConfiguration.class)
public class ProjectionService {
  /** Runs the service apart. */
  public static void main(String[] arguments) {
    SpringApplication.run(ProjectionService.class, arguments);
  }
}
