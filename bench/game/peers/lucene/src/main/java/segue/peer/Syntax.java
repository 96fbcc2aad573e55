// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.ArrayList;
import java.util.List;

/** The query syntax of the game: {@code +all}, {@code any}, {@code -none}, phrases in quotes. */
final class Syntax {
  enum Role { MUST, SHOULD, MUST_NOT }

  /** One word, or the words of a phrase. */
  record Clause(Role role, List<String> words) {}

  private final String query;
  private final List<Clause> clauses = new ArrayList<>();
  private int at = 0;

  private Syntax(String query) {
    this.query = query;
  }

  static List<Clause> parse(String query) {
    Syntax syntax = new Syntax(query);
    boolean positive = false;
    while (syntax.skipSpaces()) {
      positive |= syntax.clause().role() != Role.MUST_NOT;
    }
    if (!positive) {
      throw syntax.refused("something to look for");
    }
    return syntax.clauses;
  }

  private Clause clause() {
    Role role = Role.SHOULD;
    if (query.charAt(at) == '+' || query.charAt(at) == '-') {
      role = query.charAt(at) == '+' ? Role.MUST : Role.MUST_NOT;
      at++;
    }
    List<String> words = new ArrayList<>(4);
    if (at < query.length() && query.charAt(at) == '"') {
      at++;
      while (skipSpaces() && query.charAt(at) != '"') {
        words.add(word());
      }
      if (at == query.length() || words.isEmpty()) {
        throw refused("a closing quote behind at least a word");
      }
      at++;
    } else {
      words.add(word());
    }
    if (at < query.length() && query.charAt(at) != ' ') {
      throw refused("a space behind each clause");
    }
    Clause clause = new Clause(role, words);
    clauses.add(clause);
    return clause;
  }

  private String word() {
    int begin = at;
    while (at < query.length() && isWordPart(query.charAt(at))) {
      at++;
    }
    if (at == begin) {
      throw refused("a word of a-z and 0-9");
    }
    return query.substring(begin, at);
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** False at the end of the query. */
  private boolean skipSpaces() {
    while (at < query.length() && query.charAt(at) == ' ') {
      at++;
    }
    return at < query.length();
  }

  private IllegalArgumentException refused(String wanted) {
    return new IllegalArgumentException("wanted " + wanted + " at " + at + " of: " + query);
  }
}
