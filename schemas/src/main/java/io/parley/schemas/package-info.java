/** The language: commands and events generated from the IDL, and how they are written to bytes. */
@NullMarked
package io.parley.schemas;

import org.jspecify.annotations.NullMarked;
