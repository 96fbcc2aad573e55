// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.FixedBitSet;

/**
 * Checks that the documents of a new index lie where the game believes them: in the order of the
 * file, or, where reordering was asked for, reordered and with every line number once.
 */
final class Placement {
  private static final int EVERY = 256;

  private final boolean reordered;

  /** The ids of every {@code EVERY}-th line. */
  private final List<String> ids = new ArrayList<>();

  Placement(boolean reordered) {
    this.reordered = reordered;
  }

  void note(long line, String id) {
    if (line % EVERY == 0) {
      ids.add(id);
    }
  }

  void check(Directory directory, long documents) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      if (reader.maxDoc() != documents) {
        throw new IllegalStateException(
            documents + " documents came, the index has " + reader.maxDoc());
      }
      Lines lines = new Lines(reader);
      FixedBitSet seen = new FixedBitSet(Math.max(1, reader.maxDoc()));
      for (int document = 0; document < reader.maxDoc(); document++) {
        int line = lines.of(document);
        if (seen.getAndSet(line) || (!reordered && line != document)) {
          throw new IllegalStateException("document " + document + " is out of order");
        }
        if (line % EVERY == 0) {
          checkId(reader, document, ids.get(line / EVERY));
        }
      }
      for (LeafReaderContext leaf : reader.leaves()) {
        checkReordered((SegmentReader) leaf.reader());
      }
    }
  }

  private static void checkId(IndexReader reader, int document, String wanted) throws IOException {
    String id = reader.storedFields().document(document).get(Fields.ID);
    if (!wanted.equals(id)) {
      throw new IllegalStateException(
          "document " + document + " has the id " + id + " instead of " + wanted);
    }
  }

  /** The merge policy skips reordering where memory is short, and only leaves this note. */
  private void checkReordered(SegmentReader segment) {
    String note = segment.getSegmentInfo().info.getDiagnostics().get("bp.reordered");
    if (reordered && !"true".equals(note)) {
      throw new IllegalStateException("a segment was not reordered: give the process more heap");
    }
  }
}
