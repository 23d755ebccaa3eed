/** The topics as they are read for an audit: all of a negotiation, from the first record on. */
@NullMarked
package io.parley.projection.log;

import org.jspecify.annotations.NullMarked;
