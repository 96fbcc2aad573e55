// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.BooleanSimilarity;
import org.apache.lucene.search.similarities.ClassicSimilarity;
import org.apache.lucene.search.similarities.LMDirichletSimilarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;

/** The similarities that differential_world.cc has in its schema, with their parameters. */
final class FieldSimilarity extends PerFieldSimilarityWrapper {
  private static final Similarity USUAL = new BM25Similarity(1.2f, 0.75f);
  private static final Similarity TITLE = new BM25Similarity(0.9f, 0.4f);

  /** Length does not count: BM25F and Lucene's simple form of it are the same then. */
  private static final Similarity FLAT = new BM25Similarity(1.2f, 0);

  private static final Similarity CLASSIC = new ClassicSimilarity();
  private static final Similarity DIRICHLET = new LMDirichletSimilarity(100);
  private static final Similarity BOOLEAN = new BooleanSimilarity();

  @Override
  public Similarity get(String field) {
    // The name that several fields have as one; their scores are compared for flat ones only.
    if (field.startsWith("flat_") || field.equals("pseudo_field")) {
      return FLAT;
    }
    return switch (field) {
      case "title" -> TITLE;
      case "tfidf_body" -> CLASSIC;
      case "lm_body" -> DIRICHLET;
      case "boolean_body" -> BOOLEAN;
      default -> USUAL;
    };
  }
}
