package io.parley.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive HTTP/1.1 connection, as thin as can be: client and server share the cores, and
 * what the client takes is missing from what is measured.
 */
final class Connection implements AutoCloseable {
  private static final int ANSWER_WITHIN_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final byte[] buffer = new byte[8 << 10];
  private int position;
  private int limit;

  /** What is left of the current chunk or body. */
  private long left;

  private boolean chunked;

  Connection(URI root) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(root.getHost(), root.getPort()), ANSWER_WITHIN_MILLIS);
    socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
    out = socket.getOutputStream();
  }

  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Sends a whole request and reads the whole answer. */
  Response exchange(byte[] request) throws IOException {
    write(request, request.length);
    int status = readHead();
    ByteArrayOutputStream body = new ByteArrayOutputStream(512);
    for (int next = readBody(); next >= 0; next = readBody()) {
      body.write(next);
    }
    return new Response(status, body.toString(StandardCharsets.UTF_8));
  }

  /** Reads status line and headers, and returns the status. */
  int readHead() throws IOException {
    String line = line();
    String[] parts = line.split(" ", 3);
    if (parts.length < 2) {
      throw new IOException("no HTTP answer: " + line);
    }
    chunked = false;
    left = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
        case "content-length" -> left = Long.parseLong(value);
        case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
        default -> {}
      }
    }
    if (chunked) {
      nextChunk();
    }
    return Integer.parseInt(parts[1]);
  }

  /** The next byte of the body; -1 at its end. */
  int readBody() throws IOException {
    if (left == 0) {
      return -1;
    }
    int next = read();
    left--;
    if (left == 0 && chunked) {
      line();
      nextChunk();
    }
    return next;
  }

  private void nextChunk() throws IOException {
    left = Long.parseLong(line().strip(), 16);
    if (left == 0) {
      line();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = read(); next != '\n'; next = read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    if (position == limit) {
      limit = socket.getInputStream().read(buffer);
      position = 0;
      if (limit <= 0) {
        limit = 0;
        throw new EOFException("the server closed the connection");
      }
    }
    return buffer[position++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A whole answer. */
  record Response(int status, String body) {}
}
