package io.parley.announcement;

import io.parley.announcement.domain.AnnouncementDomain;
import io.parley.journal.Service;
import io.parley.journal.spring.JournalConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The announcement service, on its own or as a part of the desk. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(JournalConfiguration.class)
public class AnnouncementService {

  @Bean
  Service announcement() {
    return AnnouncementDomain.service();
  }

  /** Runs it on its own. */
  public static void main(String[] args) {
    SpringApplication.run(AnnouncementService.class, args);
  }
}
