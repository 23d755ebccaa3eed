/**
 * The announcement service's rules, pure: what was said or issued, proposals, claims and drafts.
 * Begin with {@link io.parley.announcement.domain.AnnouncementDecider}.
 */
@NullMarked
package io.parley.announcement.domain;

import org.jspecify.annotations.NullMarked;
