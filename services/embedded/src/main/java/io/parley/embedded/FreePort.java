package io.parley.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a port of the loopback interface that nothing listens on. */
final class FreePort {
  // Below the range that systems take outgoing ports from (32768 up, or 49152 up): no client
  // connection can take the port between this check and the server's own bind.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 100;

  private FreePort() {}

  /** The port wanted, or a free one where 0 is wanted. */
  static int orFree(int wanted) throws IOException {
    if (wanted != 0) {
      return wanted;
    }
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
