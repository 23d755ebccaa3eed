/**
 * Settles one order of each negotiation's events and chains them by hash (architecture 5): the
 * record that everything else reads.
 */
@NullMarked
package io.parley.projection.timeline;

import org.jspecify.annotations.NullMarked;
