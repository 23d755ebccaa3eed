/** A real Kafka broker and a real PostgreSQL beside this process, their data kept between runs. */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;
