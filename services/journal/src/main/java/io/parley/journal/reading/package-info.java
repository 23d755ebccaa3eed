/**
 * The half of the journal that readers use too: tokens, topics, settings, who may do what, and how
 * errors are told.
 */
@NullMarked
package io.parley.journal.reading;

import org.jspecify.annotations.NullMarked;
