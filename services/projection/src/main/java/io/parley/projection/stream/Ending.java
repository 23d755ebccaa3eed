package io.parley.projection.stream;

/** Why a stream ended. */
enum Ending {
  /** A bounded replay has sent all. */
  DONE,
  /** More bytes waited for it than are allowed. */
  SLOW,
  /** It took none of the bytes that waited for it. */
  STALLED,
  /** It was open for as long as one may be. */
  AGE,
  /** This instance stops. */
  STOPPED,
  /** The timeline was made anew. */
  ANOTHER_LOG,
  /** Older events could not be read. */
  FAILED,
  /** The client closed it. */
  GONE
}
