/** What it costs, each figure beside its baseline in the same run on the same broker. */
@NullMarked
package io.parley.benchmarks;

import org.jspecify.annotations.NullMarked;
