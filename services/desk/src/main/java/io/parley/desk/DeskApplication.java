package io.parley.desk;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** The four services as one Spring application, on one port. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class DeskApplication {}
