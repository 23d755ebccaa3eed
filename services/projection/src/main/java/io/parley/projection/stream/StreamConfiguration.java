package io.parley.projection.stream;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The streams as a part of the projection service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class StreamConfiguration {
  @Bean
  Pages pages(StreamProperties properties, StreamMetrics metrics) {
    return new Pages(properties.cachedBytes(), metrics::loadedPage);
  }
}
