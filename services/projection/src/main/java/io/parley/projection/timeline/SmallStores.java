package io.parley.projection.timeline;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB for many small stores in one process: 32 MiB for all of them together, blocks, indexes
 * and write buffers included, where the defaults are some 100 MiB for each.
 */
public final class SmallStores implements RocksDBConfigSetter {
  private static final long ALL_BYTES = 32L << 20;
  private static final long WRITE_BUFFERS_BYTES = 12L << 20;
  private static final long ONE_WRITE_BUFFER_BYTES = 1L << 20;
  private static final Cache CACHE;
  private static final WriteBufferManager WRITE_BUFFERS;

  static {
    RocksDB.loadLibrary();
    CACHE = new LRUCache(ALL_BYTES);
    WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);
  }

  /** Kafka Streams makes one for each store. */
  public SmallStores() {}

  @Override
  public void setConfig(String store, Options options, Map<String, Object> config) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(ONE_WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String store, Options options) {
    // The cache and the buffers are the process's, and live as long as it does.
  }
}
