package io.parley.journal.reading;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What every service imports: the settings, who may do what, and how errors are told. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ParleyProperties.class)
@Import({Access.class, ProblemHandler.class, UnreadableRequests.class})
public class ReadingConfiguration {}
