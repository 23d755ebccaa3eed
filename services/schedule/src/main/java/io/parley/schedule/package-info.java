/** The schedule service: when and where parties meet, and who travels. */
@NullMarked
package io.parley.schedule;

import org.jspecify.annotations.NullMarked;
