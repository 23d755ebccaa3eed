package io.parley.delegation;

import io.parley.delegation.domain.DelegationDomain;
import io.parley.journal.Service;
import io.parley.journal.spring.JournalConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The delegation service, on its own or as a part of the desk. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(JournalConfiguration.class)
public class DelegationService {

  @Bean
  Service delegation() {
    return DelegationDomain.service();
  }

  /** Runs it on its own. */
  public static void main(String[] args) {
    SpringApplication.run(DelegationService.class, args);
  }
}
