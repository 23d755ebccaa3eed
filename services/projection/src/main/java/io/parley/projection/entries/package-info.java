/** The timeline as it is read: every event in order. */
@NullMarked
package io.parley.projection.entries;

import org.jspecify.annotations.NullMarked;
