package io.parley.schedule;

import io.parley.journal.Service;
import io.parley.journal.spring.JournalConfiguration;
import io.parley.schedule.domain.ScheduleDomain;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The schedule service, on its own or as a part of the desk. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(JournalConfiguration.class)
public class ScheduleService {

  @Bean
  Service schedule() {
    return ScheduleDomain.service();
  }

  /** Runs it on its own. */
  public static void main(String[] args) {
    SpringApplication.run(ScheduleService.class, args);
  }
}
