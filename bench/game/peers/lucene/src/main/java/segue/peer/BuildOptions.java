// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.nio.file.Path;

/** The command line of {@code build}. */
final class BuildOptions {
  final Path directory;

  /** Runs of consecutive documents, each a segment. */
  long segments = 1;

  /** How many documents will come, or -1; known where there is more than one segment. */
  long documents = -1;

  /** Every how-many-eth document is deleted again, from line 0 on; 0 is none. */
  long deleteEvery = 0;

  /** Whether documents have numbers, which are indexed. */
  boolean numbers = false;

  /** What the writer may buffer before it flushes a segment. */
  long memoryMb = 512;

  /** Threads that add documents; with more than one they come into the index in any order. */
  long threads = 1;

  /** Whether recursive graph bisection orders the documents of each segment. */
  boolean reorder = false;

  private BuildOptions(Path directory) {
    this.directory = directory;
  }

  static BuildOptions parse(String[] arguments) {
    BuildOptions options = new BuildOptions(Path.of(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      String name = arguments[i];
      switch (name) {
        case "--reorder" -> options.reorder = true;
        case "--numbers" -> options.numbers = true;
        case "--segments" -> options.segments = number(arguments, ++i);
        case "--documents" -> options.documents = number(arguments, ++i);
        case "--delete" -> options.deleteEvery = period(number(arguments, ++i));
        case "--memory-mb" -> options.memoryMb = number(arguments, ++i);
        case "--threads" -> options.threads = number(arguments, ++i);
        default -> throw new IllegalArgumentException("unknown option " + name + "; " + Main.USAGE);
      }
    }
    if (options.segments < 1) {
      throw new IllegalArgumentException("--segments must be at least 1");
    }
    if (options.threads < 1 || options.threads > 64) {
      throw new IllegalArgumentException("--threads must be 1 to 64");
    }
    if (options.segments > 1 && options.documents < 0) {
      throw new IllegalArgumentException(
          "--segments needs --documents COUNT, to cut the corpus into equal runs");
    }
    return options;
  }

  /** The line number at which run {@code run} (from 0) ends. */
  long runEnd(long run) {
    return segments == 1 ? Long.MAX_VALUE : documents * (run + 1) / segments;
  }

  private static long number(String[] arguments, int i) {
    String text = i < arguments.length ? arguments[i] : "";
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          arguments[i - 1] + " wants a number, not \"" + text + "\"", e);
    }
  }

  private static long period(long percent) {
    if (percent < 1 || percent > 50 || 100 % percent != 0) {
      throw new IllegalArgumentException(
          "--delete wants a divisor of 100 up to 50, not " + percent);
    }
    return 100 / percent;
  }
}
