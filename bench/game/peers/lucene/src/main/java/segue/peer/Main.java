// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.util.Version;

/** The benchmark game's driver of Lucene: {@code build}, {@code serve}, {@code version}. */
public final class Main {
  static final String USAGE =
      "usage: lucene build DIR [--segments N --documents COUNT] [--delete PERCENT]"
      + " [--numbers] [--memory-mb MB] [--threads N] [--reorder] | serve DIR | version [--reorder]";

  private Main() {}

  /** The name that stands in reports; a reordered index is an engine of its own there. */
  static String engine(boolean reorder) {
    return reorder ? "lucene-bp" : "lucene";
  }

  static String version() {
    return Version.LATEST.toString();
  }

  public static void main(String[] arguments) {
    try {
      run(arguments);
    } catch (Exception e) {
      System.err.println("lucene: " + Errors.sentence(e));
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    String command = arguments.length == 0 ? "" : arguments[0];
    String[] rest = Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
    if (command.equals("build") && rest.length > 0) {
      System.out.println(Build.run(BuildOptions.parse(rest), System.in));
    } else if (command.equals("serve") && rest.length == 1) {
      try (Server server = new Server(Path.of(rest[0]))) {
        server.serve(System.in, System.out);
      }
    } else if (command.equals("version") && List.of("--reorder").containsAll(List.of(rest))) {
      System.out.printf(
          "{\"engine\":\"%s\",\"version\":\"%s\"}%n", engine(rest.length > 0), version());
    } else {
      throw new IllegalArgumentException(USAGE);
    }
  }
}
