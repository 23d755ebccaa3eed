package io.parley.projection.projector;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What an operator asked to be tried again: written by whatever instance was asked, found by the
 * one that has the partition, and gone once it was tried.
 */
@Component
final class Retries {
  /** Not a view: the record that a partition stands before. */
  static final String PARTITION = "";

  private final Database database;

  Retries(Database database) {
    this.database = database;
  }

  /**
   * What is asked for in some partitions.
   *
   * @param views for each partition, the views that stand still in it and are to be tried
   * @param partitions those that stand before a faulty record, to be read again
   */
  record Asked(Map<Integer, Set<Halt.Key>> views, Set<Integer> partitions) {}

  Asked in(Collection<Integer> partitions) {
    Asked asked = new Asked(new HashMap<>(), new HashSet<>());
    database
        .query(
            "select partition, view, negotiation from {schema}.retries where partition = any($1)",
            row ->
                Map.entry(
                    row.get(0, Integer.class),
                    new Halt.Key(row.get(1, String.class), row.get(2, String.class))),
            List.of((Object) partitions.toArray(new Integer[0])))
        .toIterable()
        .forEach(
            each -> {
              if (each.getValue().view().equals(PARTITION)) {
                asked.partitions().add(each.getKey());
              } else {
                asked
                    .views()
                    .computeIfAbsent(each.getKey(), partition -> new HashSet<>())
                    .add(each.getValue());
              }
            });
    return asked;
  }

  /** These were tried, in vain or not. */
  void done(int partition, Collection<Halt.Key> tried) {
    database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "delete from {schema}.retries r using unnest($2::text[], $3::text[])"
                            + " as x(view, negotiation) where r.partition = $1"
                            + " and r.view = x.view and r.negotiation = x.negotiation",
                        List.of(
                            partition,
                            tried.stream().map(Halt.Key::view).toArray(String[]::new),
                            tried.stream().map(Halt.Key::negotiation).toArray(String[]::new)))
                    .thenReturn(true))
        .block();
  }
}
