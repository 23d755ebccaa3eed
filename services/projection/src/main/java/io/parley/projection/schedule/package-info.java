/** The view of rounds, meetings, legs and stays. */
@NullMarked
package io.parley.projection.schedule;

import org.jspecify.annotations.NullMarked;
