package io.parley.projection.projector;

/** Another instance wrote in between: nothing of this is written. */
final class Fenced extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Fenced() {
    super("fenced", null, false, false);
  }
}
