package io.parley.desk;

import io.parley.schedule.ScheduleService;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The four services as one Spring application, on one port. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ScheduleService.class)
public class DeskApplication {}
