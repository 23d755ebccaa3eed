/**
 * What the schedule service decides: negotiations, rounds, meetings, legs and stays (rules 17 to
 * 20). Pure.
 */
@NullMarked
package io.parley.schedule.domain;

import org.jspecify.annotations.NullMarked;
