package io.parley.projection;

import io.parley.projection.projector.Bodies;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of the streams on a bare socket: reads what is on the wire, as slowly as it likes. */
final class StreamClient implements AutoCloseable {
  private static final Duration EVENT_WITHIN = Duration.ofSeconds(30);

  private final Socket socket;
  private final InputStream in;
  private final int status;
  private final Map<String, String> headers = new HashMap<>();
  private final boolean chunked;
  private long left;
  private boolean ended;

  /** A message, or a block with only an id, or a time to wait. */
  record Message(
      @Nullable String id, @Nullable String event, @Nullable String data, @Nullable String retry) {
    JsonNode json() {
      return Bodies.JSON.readTree(String.valueOf(data));
    }
  }

  private StreamClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 4096);
    this.status = Integer.parseInt(rawLine().substring(9, 12));
    for (String line = rawLine(); !line.isEmpty(); line = rawLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    this.chunked = "chunked".equals(headers.get("transfer-encoding"));
    this.left = chunked ? 0 : Long.parseLong(headers.getOrDefault("content-length", "-1"));
  }

  /** Asks for a path; headers are name, value, name, value. */
  static StreamClient open(String origin, String path, String... headers) throws IOException {
    return open("GET", "HTTP/1.1", 0, origin, path, headers);
  }

  static StreamClient open(
      String method,
      String version,
      int receiveBytes,
      String origin,
      String path,
      String... headers)
      throws IOException {
    URI uri = URI.create(origin);
    Socket socket = new Socket();
    if (receiveBytes > 0) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
    }
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 10_000);
    socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
    StringBuilder request =
        new StringBuilder(method + " " + path + " " + version + "\r\nHost: " + uri.getAuthority());
    for (int i = 0; i < headers.length; i += 2) {
      request.append("\r\n").append(headers[i]).append(": ").append(headers[i + 1]);
    }
    request.append("\r\n\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    try {
      return new StreamClient(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  void timeout(Duration duration) throws IOException {
    socket.setSoTimeout((int) duration.toMillis());
  }

  /** The next line of the body; null at its end. */
  @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = read();
      if (next < 0) {
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(next);
    }
  }

  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    return lines;
  }

  /** The next block; an {@link EOFException} where there is none any more. */
  Message next() throws IOException {
    String id = null;
    String event = null;
    String data = null;
    String retry = null;
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        return new Message(id, event, data, retry);
      }
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).stripLeading();
      switch (line.substring(0, colon)) {
        case "id" -> id = value;
        case "event" -> event = value;
        case "data" -> data = value;
        case "retry" -> retry = value;
        default -> throw new IOException("no such field: " + line);
      }
    }
    throw new EOFException("the stream ended");
  }

  /** The next block that has data; blocks without any keep coming, so it has a time limit. */
  Message nextEvent() throws IOException {
    long deadline = System.nanoTime() + EVENT_WITHIN.toNanos();
    Message message = next();
    while (message.data() == null) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no event within " + EVENT_WITHIN);
      }
      message = next();
    }
    return message;
  }

  /** Whether the body ended as it should, and was not cut off. */
  boolean endedWell() {
    return ended;
  }

  private int read() throws IOException {
    if (ended) {
      return -1;
    }
    if (left == 0 && chunked) {
      String size = rawLine();
      left = Long.parseLong(size, 16);
      if (left == 0) {
        rawLine();
        ended = true;
        return -1;
      }
    }
    int next = in.read();
    if (next < 0) {
      if (chunked) {
        throw new EOFException("cut off");
      }
      ended = true;
      return -1;
    }
    if (left > 0 && --left == 0) {
      if (chunked) {
        rawLine();
      } else {
        ended = true;
      }
    }
    return next;
  }

  private String rawLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("cut off after '" + line.toString(StandardCharsets.UTF_8) + "'");
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
