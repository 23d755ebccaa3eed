/** The services as they run apart, in containers, and the setup of what they stand on. */
@NullMarked
package io.parley.image;

import org.jspecify.annotations.NullMarked;
