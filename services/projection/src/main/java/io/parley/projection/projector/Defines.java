package io.parley.projection.projector;

/** What has tables of its own. Whoever makes them may define things in the database (ADR 17). */
public interface Defines {
  /** Makes what is missing; several instances may do so at once. */
  void create();
}
