package io.parley.desk;

import io.parley.announcement.AnnouncementService;
import io.parley.delegation.DelegationService;
import io.parley.projection.ProjectionService;
import io.parley.schedule.ScheduleService;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The four services as one Spring application, on one port. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  ScheduleService.class,
  DelegationService.class,
  AnnouncementService.class,
  ProjectionService.class
})
public class DeskApplication {}
