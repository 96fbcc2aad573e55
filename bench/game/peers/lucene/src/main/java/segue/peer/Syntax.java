// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query syntax of the game: {@code +all}, {@code any}, {@code -none}; for a word, a phrase in
 * quotes, a pattern ({@code begin*}, {@code word~1}, {@code /re.*\/}) or a range of numbers ({@code
 * number:[1 TO 9]}).
 */
final class Syntax {
  enum Role { MUST, SHOULD, MUST_NOT }

  /** What a clause is about. */
  sealed interface Matter {}

  /** One word, or the words of a phrase. */
  record Words(List<String> words) implements Matter {}

  record Prefix(String begin) implements Matter {}

  /** At most so many edits. */
  record Fuzzy(String word, int edits) implements Matter {}

  record Regexp(String pattern) implements Matter {}

  /** From one number to another, both included. */
  record Range(long from, long to) implements Matter {}

  record Clause(Role role, Matter matter) {}

  private static final Pattern RANGE = Pattern.compile("number:\\[(\\d{1,18}) TO (\\d{1,18})\\]");

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
    Matter matter = matter();
    if (at < query.length() && query.charAt(at) != ' ') {
      throw refused("a space behind each clause");
    }
    Clause clause = new Clause(role, matter);
    clauses.add(clause);
    return clause;
  }

  private Matter matter() {
    if (take("\"")) {
      return phrase();
    }
    if (take("/")) {
      int end = query.indexOf('/', at);
      if (end < 0) {
        throw refused("a closing slash");
      }
      String pattern = query.substring(at, end);
      at = end + 1;
      return new Regexp(pattern);
    }
    if (query.startsWith("number:", at)) {
      int end = query.indexOf(']', at) + 1;
      Range range = end == 0 ? null : range(query.substring(at, end));
      if (range == null) {
        throw refused("a range of two numbers");
      }
      at = end;
      return range;
    }
    String word = word();
    if (take("*")) {
      return new Prefix(word);
    }
    if (take("~1")) {
      return new Fuzzy(word, 1);
    }
    return take("~2") ? new Fuzzy(word, 2) : new Words(List.of(word));
  }

  private Words phrase() {
    List<String> words = new ArrayList<>(4);
    while (skipSpaces() && query.charAt(at) != '"') {
      words.add(word());
    }
    if (at == query.length() || words.isEmpty()) {
      throw refused("a closing quote behind at least a word");
    }
    at++;
    return new Words(words);
  }

  /** The range that a text is, or null. */
  static Range range(String text) {
    Matcher match = RANGE.matcher(text);
    return match.matches()
        ? new Range(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)))
        : null;
  }

  /** Goes behind a text, if it stands here. */
  private boolean take(String text) {
    boolean here = query.startsWith(text, at);
    at += here ? text.length() : 0;
    return here;
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
