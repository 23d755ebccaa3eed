/** The view of texts: drafts with their provisions, and which of them are agreements. */
@NullMarked
package io.parley.projection.drafts;

import org.jspecify.annotations.NullMarked;
