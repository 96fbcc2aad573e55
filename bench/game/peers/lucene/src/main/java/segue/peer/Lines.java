// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;

/** From a document's number to its line in the corpus. */
final class Lines {
  private final List<LeafReaderContext> leaves;
  private LeafReaderContext leaf = null;
  private NumericDocValues column = null;

  Lines(IndexReader reader) {
    leaves = reader.leaves();
  }

  /** Cheap for ascending documents; every other order opens the column again. */
  int of(int document) throws IOException {
    LeafReaderContext home = leaves.get(ReaderUtil.subIndex(document, leaves));
    int local = document - home.docBase;
    if (home != leaf || (column != null && column.docID() > local)) {
      leaf = home;
      column = home.reader().getNumericDocValues(Fields.LINE);
    }
    if (column == null) {
      return document;
    }
    if (!column.advanceExact(local)) {
      throw new IllegalStateException("document " + document + " has no line number");
    }
    return Math.toIntExact(column.longValue());
  }
}
