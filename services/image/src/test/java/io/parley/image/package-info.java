@NullMarked
package io.parley.image;

import org.jspecify.annotations.NullMarked;
