package io.parley.parts;

import java.util.Locale;

/** Which parts tests stand on: {@code -Dparley.parts=embedded} (as it is without) or containers. */
enum Parts {
  /** Kafka in this process and PostgreSQL beside it: {@code services/embedded}. */
  EMBEDDED,

  /** Containers of the images that {@code docker-compose.yml} names. */
  CONTAINERS;

  static Parts chosen() {
    return valueOf(System.getProperty("parley.parts", "embedded").toUpperCase(Locale.ROOT));
  }
}
