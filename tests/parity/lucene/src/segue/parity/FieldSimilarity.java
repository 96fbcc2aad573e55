// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;

/** BM25 with k1 and b as differential_world.cc has them in its schema. */
final class FieldSimilarity extends PerFieldSimilarityWrapper {
  private static final Similarity USUAL = new BM25Similarity(1.2f, 0.75f);
  private static final Similarity TITLE = new BM25Similarity(0.9f, 0.4f);

  /** Length does not count: BM25F and Lucene's simple form of it are the same then. */
  private static final Similarity FLAT = new BM25Similarity(1.2f, 0);

  @Override
  public Similarity get(String field) {
    // The name that several fields have as one; their scores are compared for flat ones only.
    if (field.startsWith("flat_") || field.equals("pseudo_field")) {
      return FLAT;
    }
    return field.equals("title") ? TITLE : USUAL;
  }
}
