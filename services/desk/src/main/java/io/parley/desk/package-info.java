/** The four services in one process, with broker and database, and the command line. */
@NullMarked
package io.parley.desk;

import org.jspecify.annotations.NullMarked;
