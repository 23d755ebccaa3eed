package io.parley.projection.setup;

import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Defines;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * The tables of the projection service, made by a role that may, where the service's own may not
 * (ADR 17). The source of an application of its own, in which nothing else of the service is.
 */
@ImportAutoConfiguration(R2dbcAutoConfiguration.class)
@EnableConfigurationProperties(ProjectionProperties.class)
@ComponentScan(
    basePackages = "io.parley.projection",
    useDefaultFilters = false,
    includeFilters =
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern =
                "io\\.parley\\.projection\\.(projector\\.(Store|Database|HaltedTable)"
                    + "|restricted\\.Restricted(Store|Fold)|[a-z]+\\.[A-Za-z]+View"
                    + "|entries\\.TimelineLog)"))
public class ProjectionTables {
  /** Makes the tables that are missing. */
  public static void create(ApplicationContext application) {
    application.getBeansOfType(Defines.class).values().forEach(Defines::create);
  }
}
