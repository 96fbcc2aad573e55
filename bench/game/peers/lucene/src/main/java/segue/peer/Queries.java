// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.List;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;

/** From the game's syntax to Lucene's queries. */
final class Queries {
  private Queries() {}

  /** The query for {@code text}, restricted to documents with the word or range {@code filter}. */
  static Query make(String text, String filter) {
    List<Syntax.Clause> clauses = Syntax.parse(text);
    boolean alone = clauses.size() == 1;
    if (alone && filter == null) {
      return query(clauses.get(0).matter());
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    boolean allOptional = true;
    for (Syntax.Clause clause : clauses) {
      // The only clause decides whether a document matches, also beside a filter.
      Occur occur = alone ? Occur.MUST : occur(clause.role());
      allOptional &= occur != Occur.MUST;
      builder.add(query(clause.matter()), occur);
    }
    if (filter != null) {
      Syntax.Range range = Syntax.range(filter);
      builder.add(
          range != null ? query(range) : new TermQuery(new Term(Fields.FILTER, filter)),
          Occur.FILTER);
      // Beside a filter optional clauses would not have to match at all.
      builder.setMinimumNumberShouldMatch(allOptional ? 1 : 0);
    }
    return builder.build();
  }

  private static Occur occur(Syntax.Role role) {
    return switch (role) {
      case MUST -> Occur.MUST;
      case SHOULD -> Occur.SHOULD;
      case MUST_NOT -> Occur.MUST_NOT;
    };
  }

  /** Patterns and ranges score 1: all but fuzzy words do by themselves. */
  private static Query query(Syntax.Matter matter) {
    return switch (matter) {
      case Syntax.Words(List<String> words) ->
          words.size() == 1
              ? new TermQuery(text(words.get(0)))
              : new PhraseQuery(Fields.TEXT, words.toArray(new String[0]));
      case Syntax.Prefix(String begin) -> new PrefixQuery(text(begin));
      case Syntax.Fuzzy(String word, int edits) ->
          // Of the ways to score only this one takes more than the best terms.
          new FuzzyQuery(
              text(word),
              edits,
              0,
              FuzzyQuery.defaultMaxExpansions,
              true,
              MultiTermQuery.CONSTANT_SCORE_BLENDED_REWRITE);
      case Syntax.Regexp(String pattern) -> new RegexpQuery(text(pattern));
      case Syntax.Range(long from, long to) -> LongField.newRangeQuery(Fields.NUMBER, from, to);
    };
  }

  private static Term text(String word) {
    return new Term(Fields.TEXT, word);
  }
}
