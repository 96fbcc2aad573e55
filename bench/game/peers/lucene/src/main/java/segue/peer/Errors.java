// SPDX-License-Identifier: Apache-2.0
package segue.peer;

/** Exceptions as one line of text. */
final class Errors {
  private Errors() {}

  static String sentence(Exception e) {
    boolean ours = e instanceof IllegalArgumentException && e.getMessage() != null;
    String text = ours ? e.getMessage() : e.toString();
    return text.replace('\n', ' ').replace('\t', ' ');
  }
}
