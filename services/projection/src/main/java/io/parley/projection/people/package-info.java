/** People across negotiations: their names, offices and memberships, and their itineraries. */
@NullMarked
package io.parley.projection.people;

import org.jspecify.annotations.NullMarked;
