/** The announcement service: what was said or issued, proposals, claims and drafts. */
@NullMarked
package io.parley.announcement;

import org.jspecify.annotations.NullMarked;
