package io.parley.projection.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** What waits on disk is handed on as it was put there, a little of it in memory at once. */
class SpoolTest {
  private static final int FILES = 64;
  private static final int FILE_BYTES = 1 << 20;

  @Test
  void handingOutTakesTheSameMemoryHoweverMuchThereIs() throws Exception {
    handingOut(1); // Classes are loaded once.
    assertThat(handingOut(FILES)).isLessThan(handingOut(1) + 4 * FILE_BYTES);
  }

  /** Bytes that this thread allocates meanwhile. */
  private static long handingOut(int files) throws Exception {
    Export.Found found = new Export.Found("long", 1, Instant.EPOCH, Instant.EPOCH, "00", 0);
    byte[] content = new byte[FILE_BYTES];
    Counted out = new Counted();
    try (Spool spool = Recorded.spool()) {
      for (int i = 0; i < files; i++) {
        spool.put("part-" + i, content);
      }
      long before = allocated();
      Export.write(found, spool, out);
      assertThat(out.bytes).isGreaterThan((long) files * FILE_BYTES);
      return allocated() - before;
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void whatIsNotWhatWasPutThereIsNotHandedOn() throws Exception {
    byte[] content = {1, 2, 3};
    Archive.Head head = Archive.Head.of("three", ByteBuffer.wrap(content));
    assertThatThrownBy(() -> put(head, new byte[] {1, 2, 4})).isInstanceOf(ZipException.class);
    assertThatThrownBy(() -> put(head, new byte[] {1, 2}))
        .isInstanceOf(EOFException.class)
        .hasMessage("three lacks 1 bytes");
    put(head, content);
  }

  private static void put(Archive.Head head, byte[] content) throws Exception {
    new Archive(OutputStream.nullOutputStream()).put(head, new ByteArrayInputStream(content));
  }

  private static final class Counted extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int length) {
      bytes += length;
    }
  }
}
