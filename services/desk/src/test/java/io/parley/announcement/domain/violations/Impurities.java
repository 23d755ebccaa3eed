package io.parley.announcement.domain.violations;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a decider must not do, each alone. */
public final class Impurities {
  private Impurities() {}

  /** Reads a clock. */
  public interface Now {
    /** At once. */
    static Instant read() {
      return Instant.now();
    }
  }

  /** Reads a clock later, by a reference to the method. */
  public interface NowByReference {
    /** Later. */
    static Supplier<Instant> read() {
      return Instant::now;
    }
  }

  /** Reads a clock inside a lambda. */
  public interface NowInALambda {
    /** Later. */
    static Supplier<String> read() {
      return () -> "at " + Instant.now();
    }
  }

  /** Reads a clock. */
  public interface Today {
    /** The date. */
    static LocalDate read() {
      return LocalDate.now(ZoneOffset.UTC);
    }
  }

  /** Reads a clock. */
  public interface Millis {
    /** Milliseconds. */
    static long read() {
      return System.currentTimeMillis();
    }
  }

  /** Reads a clock. */
  public interface Nanos {
    /** Nanoseconds. */
    static long read() {
      return System.nanoTime();
    }
  }

  /** Holds a clock. */
  public record HoldsAClock(Clock clock) {}

  /** Holds a clock. */
  public record HoldsAnInstantSource(InstantSource clock) {}

  /** Asks the machine. */
  public interface Zone {
    /** Where the machine stands. */
    static ZoneId read() {
      return ZoneId.systemDefault();
    }
  }

  /** Asks the machine. */
  public interface Environment {
    /** What the shell says. */
    static String read() {
      return String.valueOf(System.getenv("HOME"));
    }
  }

  /** Rolls dice. */
  public interface Dice {
    /** Of the class library. */
    static double roll() {
      return Math.random();
    }
  }

  /** Rolls dice. */
  public record HoldsDice(Random dice) {}

  /** Rolls dice. */
  public record HoldsOtherDice(RandomGenerator dice) {}

  /** Rolls dice. */
  public record HoldsGoodDice(SecureRandom dice) {}

  /** Rolls dice. */
  public interface ThreadDice {
    /** Of the thread. */
    static int roll() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  /** Rolls dice. */
  public interface Shuffles {
    /** Mixes. */
    static void mix(List<String> cards) {
      Collections.shuffle(cards);
    }
  }

  /** Makes an id. */
  public interface Ids {
    /** A new one each time. */
    static String next() {
      return UUID.randomUUID().toString();
    }
  }

  /** Writes. */
  public interface Writes {
    /** Into memory, which is how it begins. */
    static int write() {
      return new ByteArrayOutputStream().size();
    }
  }

  /** Prints. */
  public interface Prints {
    /** To whoever looks. */
    static void print() {
      System.out.println("decided");
    }
  }

  /** Knows of files. */
  public record HoldsAFile(Path path) {}

  /** Knows of the network. */
  public record HoldsAnAddress(URI address) {}

  /** Does something else meanwhile. */
  public record HoldsAThread(Thread thread) {}
}
