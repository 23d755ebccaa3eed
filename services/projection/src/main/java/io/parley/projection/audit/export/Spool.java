package io.parley.projection.audit.export;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The files of an export on disk, until it is known to be whole: then the manifest can be written,
 * which comes first. The file has no name from the start, so that nothing of it is left behind
 * however this process ends.
 *
 * <p>For one thread at a time, but for {@link #close}.
 */
public final class Spool implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel channel;
  private final long mostBytes;
  private final DataOutputStream out;
  private long bytes;
  private int files;

  /** There is no room for it. */
  public static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge(long mostBytes) {
      super("an export has at most " + mostBytes + " bytes", null, false, false);
    }
  }

  /** What a file is given to, which reads all of its content and no more. */
  interface Sink {
    void file(Archive.Head file, InputStream content) throws IOException;
  }

  private Spool(FileChannel channel, long mostBytes) {
    this.channel = channel;
    this.mostBytes = mostBytes;
    this.out =
        new DataOutputStream(
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
  }

  /**
   * An empty one.
   *
   * @param directory where there is room for it
   * @param mostBytes bytes of all files that it takes
   * @throws IOException where it cannot be made
   */
  public static Spool in(Path directory, long mostBytes) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("export-" + UUID.randomUUID());
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    // Where the system lets an open file go without its name; elsewhere it goes when it is closed.
    Files.deleteIfExists(file);
    return new Spool(channel, mostBytes);
  }

  /**
   * Adds a file.
   *
   * @throws TooLarge where there is no room for it
   */
  void put(String name, byte[] content) throws IOException {
    put(name, ByteBuffer.wrap(content));
  }

  /** The same; what remains in a buffer, which stays as it is. */
  void put(String name, ByteBuffer content) throws IOException {
    bytes += content.remaining();
    if (bytes > mostBytes) {
      throw new TooLarge(mostBytes);
    }
    // Here: whoever writes the files of a record is not who hands it out.
    Archive.Head file = Archive.Head.of(name, content);
    out.writeUTF(file.name());
    out.writeInt(file.bytes());
    out.writeLong(file.crc());
    out.writeUTF(file.sum());
    out.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
    files++;
  }

  /** Gives all files on, in order. */
  void drain(Sink sink) throws IOException {
    out.flush();
    channel.position(0);
    DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
    for (int i = 0; i < files; i++) {
      sink.file(new Archive.Head(in.readUTF(), in.readInt(), in.readLong(), in.readUTF()), in);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
