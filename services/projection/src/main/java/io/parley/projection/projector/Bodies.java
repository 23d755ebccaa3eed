package io.parley.projection.projector;

import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How items are written into their rows: as they are answered, fields in the order of the record.
 * Not the application's mapper: a setting of that must not change what is on disk.
 */
public final class Bodies {
  /** The mapper. */
  public static final JsonMapper JSON =
      // Few threads write very many: each has its buffers, and no queue of them is shared.
      JsonMapper.builder(
              JsonFactory.builder()
                  .recyclerPool(JsonRecyclerPools.threadLocalPool())
                  // Values that one generator writes are apart all the same (JsonBytes).
                  .rootValueSeparator((String) null)
                  .build())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private Bodies() {}
}
