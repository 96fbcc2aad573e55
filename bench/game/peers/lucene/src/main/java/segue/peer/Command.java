// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request asks for. */
record Command(Kind kind, int k) {
  enum Kind { COUNT, TOP, TOP_AND_COUNT, HITS }

  private static final Pattern NAME = Pattern.compile("(TOP|HITS)_([1-9][0-9]{0,8})(_COUNT)?");

  static Command parse(String name) {
    if (name.equals("COUNT")) {
      return new Command(Kind.COUNT, 0);
    }
    Matcher match = NAME.matcher(name);
    boolean hits = name.startsWith("HITS");
    if (!match.matches() || (hits && match.group(3) != null)) {
      throw new IllegalArgumentException(
          "unknown command " + name + "; there are COUNT, TOP_k, TOP_k_COUNT, HITS_k");
    }
    int k = Integer.parseInt(match.group(2));
    Kind top = match.group(3) == null ? Kind.TOP : Kind.TOP_AND_COUNT;
    return new Command(hits ? Kind.HITS : top, k);
  }
}
