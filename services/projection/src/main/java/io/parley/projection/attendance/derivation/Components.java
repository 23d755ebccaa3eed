package io.parley.projection.attendance.derivation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Strongly connected components of a graph (R. Tarjan, 1972), without recursion: a chain of ten
 * thousand conditions must not overflow the stack. A component comes after those that it leads to.
 */
final class Components {
  private final IntFunction<List<Integer>> out;
  private final int[] index;
  private final int[] low;
  private final boolean[] open;
  private final int[] stack;
  private final int[] path;
  private final int[] next;
  private int depth;
  private int height;
  private int count;
  private final List<int[]> found = new ArrayList<>();

  private Components(int size, IntFunction<List<Integer>> out) {
    this.out = out;
    this.index = new int[size];
    Arrays.fill(index, -1);
    this.low = new int[size];
    this.open = new boolean[size];
    this.stack = new int[size];
    this.path = new int[size];
    this.next = new int[size];
  }

  /** The components of the graph of these nodes, each before those that lead to it. */
  static List<int[]> of(int size, IntFunction<List<Integer>> out) {
    Components components = new Components(size, out);
    for (int node = 0; node < size; node++) {
      if (components.index[node] < 0) {
        components.from(node);
      }
    }
    return components.found;
  }

  private void from(int root) {
    enter(root);
    while (depth > 0) {
      int node = path[depth - 1];
      List<Integer> edges = out.apply(node);
      if (next[node] < edges.size()) {
        int other = edges.get(next[node]++);
        if (index[other] < 0) {
          enter(other);
        } else if (open[other]) {
          low[node] = Math.min(low[node], index[other]);
        }
      } else {
        leave(node);
      }
    }
  }

  private void enter(int node) {
    index[node] = count;
    low[node] = count;
    count++;
    path[depth++] = node;
    stack[height++] = node;
    open[node] = true;
  }

  private void leave(int node) {
    depth--;
    if (depth > 0) {
      int before = path[depth - 1];
      low[before] = Math.min(low[before], low[node]);
    }
    if (low[node] == index[node]) {
      int from = height;
      do {
        from--;
        open[stack[from]] = false;
      } while (stack[from] != node);
      found.add(Arrays.copyOfRange(stack, from, height));
      height = from;
    }
  }
}
