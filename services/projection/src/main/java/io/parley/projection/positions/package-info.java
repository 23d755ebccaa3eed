/** What each party holds on each topic, made of announcements and answers when it is asked for. */
@NullMarked
package io.parley.projection.positions;

import org.jspecify.annotations.NullMarked;
