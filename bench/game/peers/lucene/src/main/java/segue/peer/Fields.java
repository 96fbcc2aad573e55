// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;

/** The fields of the index, and the one document that is filled again for every line. */
final class Fields {
  static final String ID = "id";
  static final String TEXT = "text";
  static final String FILTER = "filter";
  static final String NUMBER = "number";

  /** The line number as a column, only where documents are reordered; else it is the number. */
  static final String LINE = "line";

  private final Document document = new Document();
  private final Field id;
  private final Field text = new TextField(TEXT, "", Field.Store.NO);
  private final Field number;
  private final Field line;

  /** The id becomes a term only where documents are deleted by it; else it is just stored. */
  Fields(BuildOptions options) {
    boolean deleteById = options.deleteEvery > 0;
    id = deleteById ? new StringField(ID, "", Field.Store.YES) : new StoredField(ID, "");
    number = options.numbers ? new LongField(NUMBER, 0, Field.Store.NO) : null;
    line = options.reorder ? new NumericDocValuesField(LINE, 0) : null;
  }

  private static long numberOf(Corpus.Entry entry) {
    try {
      return Long.parseLong(entry.number());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("document " + entry.id() + " has no number", e);
    }
  }

  Document document(Corpus.Entry entry) {
    document.clear();
    id.setStringValue(entry.id());
    text.setStringValue(entry.text());
    document.add(id);
    document.add(text);
    if (!entry.filter().isEmpty()) {
      for (String word : entry.filter().split(" ")) {
        document.add(new StringField(FILTER, word, Field.Store.NO));
      }
    }
    if (number != null) {
      number.setLongValue(numberOf(entry));
      document.add(number);
    }
    if (line != null) {
      line.setLongValue(entry.line());
      document.add(line);
    }
    return document;
  }
}
