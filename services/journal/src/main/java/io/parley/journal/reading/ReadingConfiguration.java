package io.parley.journal.reading;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What every service imports: settings, who may do what, how errors are told, what is counted. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ParleyProperties.class,
  ProxyProperties.class,
  RateProperties.class
})
@Import({
  Access.class,
  ApiDocs.class,
  ProblemHandler.class,
  Proxies.class,
  SlowRequests.class,
  RequestMetrics.class,
  TracingConfiguration.class,
  UnreadableRequests.class
})
public class ReadingConfiguration {}
