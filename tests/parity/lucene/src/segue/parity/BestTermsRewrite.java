// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BlendedTermQuery;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopTermsRewrite;

/**
 * What fuzzy queries use, {@link MultiTermQuery.TopTermsBlendedFreqScoringRewrite}, but the best
 * term alone counts, where that one adds a hundredth of the others; and for prefixes.
 */
final class BestTermsRewrite extends TopTermsRewrite<BlendedTermQuery.Builder> {
  private static final float LONGER = 0.8f;

  /** Null, or the word that counts in full. */
  private final String prefix;

  BestTermsRewrite(int size, String prefix) {
    super(size);
    this.prefix = prefix;
  }

  @Override
  protected int getMaxSize() {
    return getSize();
  }

  @Override
  protected BlendedTermQuery.Builder getTopLevelBuilder() {
    return new BlendedTermQuery.Builder()
        .setRewriteMethod(new BlendedTermQuery.DisjunctionMaxRewrite(0));
  }

  @Override
  protected void addClause(
      BlendedTermQuery.Builder builder, Term term, int docFreq, float boost, TermStates states) {
    if (boost == 0) {
      return; // as many edits as characters
    }
    boolean isLonger = prefix != null && !term.text().equals(prefix);
    builder.add(term, isLonger ? LONGER : boost, states);
  }

  @Override
  protected Query build(BlendedTermQuery.Builder builder) {
    return builder.build();
  }
}
