// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.mlt.MoreLikeThis;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * What is like a text. Which words of it are frequent enough, but not too frequent, is what {@link
 * MoreLikeThis} says; all of those are taken.
 */
final class Likes {
  private final IndexReader reader;

  Likes(IndexReader reader) {
    this.reader = reader;
  }

  Query query(JsonObject json) throws IOException {
    if (json.get("kind").getAsString().equals("like_terms")) {
      return ofTerms(json);
    }
    if (json.has("field")) {
      return ofText(json, json.get("field").getAsString());
    }
    List<Query> queries = new ArrayList<>();
    for (String field : Fields.DEFAULTS) {
      queries.add(ofText(json, field));
    }
    return new DisjunctionMaxQuery(queries, 0);
  }

  private Query ofText(JsonObject json, String field) throws IOException {
    String text = json.get("text").getAsString();
    List<String> words = Json.words(text);
    MoreLikeThis chooser = new MoreLikeThis(reader);
    chooser.setAnalyzer(new StandardAnalyzer());
    chooser.setMaxQueryTerms(words.size());
    chooser.setMinTermFreq(Json.integer(json, "min_term_freq", 1));
    chooser.setMinDocFreq(Json.integer(json, "min_doc_freq", 2));
    chooser.setMaxDocFreq(Json.integer(json, "max_doc_freq", Integer.MAX_VALUE));
    List<Query> chosen = new ArrayList<>();
    for (BooleanClause clause : (BooleanQuery) chooser.like(field, new StringReader(text))) {
      String word = ((TermQuery) clause.query()).getTerm().text();
      chosen.add(new BoostQuery(clause.query(), Collections.frequency(words, word)));
    }
    return some(json, chosen);
  }

  private Query ofTerms(JsonObject json) throws IOException {
    List<Query> chosen = new ArrayList<>();
    for (JsonObject of : Json.objects(json, "terms")) {
      Term term = new Term(of.get("field").getAsString(), of.get("term").getAsString());
      int docFreq = reader.docFreq(term);
      if (docFreq >= Math.max(1, Json.integer(json, "min_doc_freq", 2))
          && docFreq <= Json.integer(json, "max_doc_freq", Integer.MAX_VALUE)) {
        chosen.add(new BoostQuery(new TermQuery(term), Json.real(of, "weight", 1)));
      }
    }
    return some(json, chosen);
  }

  private static Query some(JsonObject json, List<Query> chosen) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (Query query : chosen) {
      builder.add(query, BooleanClause.Occur.SHOULD);
    }
    int percent = Json.integer(json, "min_match_percent", 30);
    builder.setMinimumNumberShouldMatch(Math.max(1, chosen.size() * percent / 100));
    return builder.build();
  }
}
