// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** From the game's syntax to Lucene's queries. */
final class Queries {
  private Queries() {}

  /** The query for {@code text}, restricted to documents with the word {@code filter}, or null. */
  static Query make(String text, String filter) {
    List<Syntax.Clause> clauses = Syntax.parse(text);
    boolean alone = clauses.size() == 1;
    if (alone && filter == null) {
      return query(clauses.get(0));
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    boolean allOptional = true;
    for (Syntax.Clause clause : clauses) {
      // The only clause decides whether a document matches, also beside a filter.
      Occur occur = alone ? Occur.MUST : occur(clause.role());
      allOptional &= occur != Occur.MUST;
      builder.add(query(clause), occur);
    }
    if (filter != null) {
      builder.add(new TermQuery(new Term(Fields.FILTER, filter)), Occur.FILTER);
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

  private static Query query(Syntax.Clause clause) {
    List<String> words = clause.words();
    return words.size() == 1
        ? new TermQuery(new Term(Fields.TEXT, words.get(0)))
        : new PhraseQuery(Fields.TEXT, words.toArray(new String[0]));
  }
}
