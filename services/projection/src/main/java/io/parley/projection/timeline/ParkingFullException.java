package io.parley.projection.timeline;

/**
 * More events wait for their causes than may be kept, and no topic can be held without holding what
 * is waited for. Nothing is lost: the stage stops before the record, and goes on from it once
 * {@code parked} is raised.
 */
public final class ParkingFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ParkingFullException(String message) {
    super(message);
  }
}
