package io.parley.projection.projector;

import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import java.util.Map;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How connections to PostgreSQL are opened. */
@Configuration(proxyBeanMethods = false)
class Connections {
  /**
   * Every statement is planned once a connection, whatever its values (PostgreSQL:
   * plan_cache_mode). All of them go by an index that they name, so knowing the values changes no
   * plan; planning each anew took longer than running it, and on a long history PostgreSQL chose
   * to. One whose connection was ended ({@link Database.Late}) is ended too.
   */
  @Bean
  ConnectionFactoryOptionsBuilderCustomizer sessions() {
    return options ->
        options.option(
            PostgresqlConnectionFactoryProvider.OPTIONS,
            Map.of(
                "plan_cache_mode", "force_generic_plan", "client_connection_check_interval", "5s"));
  }
}
