// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The corpus file: a JSON object of strings a line, in ASCII without escapes, which is all that the
 * format allows. Anything else is refused with its line number.
 */
final class Corpus {
  private final InputStream input;
  private byte[] buffer = new byte[1 << 20];
  private int begin = 0;
  private int end = 0;
  private long line = 0;

  String id;
  String text;
  String filter;
  String number;

  /** A line that was read. {@code number}: digits, or empty. */
  record Entry(String id, String text, String filter, String number, long line) {}

  /** What the last {@code next} read; lines count from 0. */
  Entry entry() {
    return new Entry(id, text, filter, number, line - 1);
  }

  Corpus(InputStream input) {
    this.input = input;
  }

  /** Reads the next line into the fields above; false at the end. */
  boolean next() throws IOException {
    int newline = find((byte) '\n', begin, end);
    while (newline < 0) {
      int searched = end - begin;
      if (!fill()) {
        if (begin == end) {
          return false;
        }
        newline = end;
      } else {
        newline = find((byte) '\n', begin + searched, end);
      }
    }
    line++;
    parse(begin, newline);
    begin = Math.min(newline + 1, end);
    return true;
  }

  /** Moves what is left to the front, and reads more behind it; false at the end of the input. */
  private boolean fill() throws IOException {
    byte[] target = end - begin == buffer.length ? new byte[2 * buffer.length] : buffer;
    System.arraycopy(buffer, begin, target, 0, end - begin);
    buffer = target;
    end -= begin;
    begin = 0;
    int count = input.read(buffer, end, buffer.length - end);
    end += Math.max(count, 0);
    return count > 0;
  }

  private void parse(int from, int to) {
    id = text = null;
    filter = number = "";
    int at = expect('{', from, to);
    while (true) {
      int keyEnd = stringEnd(at, to);
      String key = string(at, keyEnd);
      int valueBegin = skipSpaces(expect(':', keyEnd + 1, to), to);
      int valueEnd = stringEnd(valueBegin, to);
      store(key, string(valueBegin, valueEnd));
      at = skipSpaces(valueEnd + 1, to);
      if (at == to || buffer[at] != ',') {
        break;
      }
      at = skipSpaces(at + 1, to);
    }
    if (skipSpaces(expect('}', at, to), to) != to || id == null || text == null) {
      throw refused("an object with id and text, and nothing behind it");
    }
  }

  private void store(String key, String value) {
    switch (key) {
      case "id" -> id = value;
      case "text" -> text = value;
      case "filter" -> filter = value;
      case "number" -> number = value;
      default -> {}
    }
  }

  /** The place of the closing quote of the string that opens at {@code at}. */
  private int stringEnd(int at, int to) {
    if (at >= to || buffer[at] != '"') {
      throw refused("a string");
    }
    for (int i = at + 1; i < to; i++) {
      if (buffer[i] == '"') {
        return i;
      }
      if (buffer[i] == '\\' || buffer[i] < ' ') {
        throw refused("ASCII without escapes");
      }
    }
    throw refused("a closing quote");
  }

  private String string(int quote, int closing) {
    return new String(buffer, quote + 1, closing - quote - 1, StandardCharsets.ISO_8859_1);
  }

  private int expect(char wanted, int from, int to) {
    int at = skipSpaces(from, to);
    if (at == to || buffer[at] != wanted) {
      throw refused("'" + wanted + "'");
    }
    return skipSpaces(at + 1, to);
  }

  private int skipSpaces(int at, int to) {
    while (at < to && (buffer[at] == ' ' || buffer[at] == '\r')) {
      at++;
    }
    return at;
  }

  private int find(byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private IllegalArgumentException refused(String wanted) {
    return new IllegalArgumentException("corpus line " + line + ": wanted " + wanted);
  }
}
