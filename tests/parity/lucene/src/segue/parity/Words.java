// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.CombinedFieldQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SynonymQuery;
import org.apache.lucene.search.TermQuery;

/** Words, phrases, and words of several fields as one. */
final class Words {
  private Words() {}

  /** What is asked for in a field or, without one, in all default fields: the best one counts. */
  static Query inFields(JsonObject json, Function<String, Query> inField) {
    if (json.has("field")) {
      return inField.apply(json.get("field").getAsString());
    }
    List<Query> queries = new ArrayList<>();
    for (String field : Fields.DEFAULTS) {
      queries.add(inField.apply(field));
    }
    return new DisjunctionMaxQuery(queries, 0);
  }

  static Query anyOf(List<Query> queries) {
    if (queries.size() == 1) {
      return queries.get(0);
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (Query query : queries) {
      builder.add(query, BooleanClause.Occur.SHOULD);
    }
    return builder.build();
  }

  static Query term(JsonObject json) {
    String term = json.get("term").getAsString();
    return inFields(json, field -> new TermQuery(new Term(field, term)));
  }

  static Query match(JsonObject json) {
    List<Query> words = new ArrayList<>();
    for (String word : Json.words(json.get("text").getAsString())) {
      words.add(inFields(json, field -> new TermQuery(new Term(field, word))));
    }
    return anyOf(words);
  }

  static Query matchPhrase(JsonObject json) {
    List<String> words = Json.words(json.get("text").getAsString());
    int slop = Json.integer(json, "slop", 0);
    return inFields(json, field -> new PhraseQuery(slop, field, words.toArray(String[]::new)));
  }

  static Query phrase(JsonObject json) {
    List<String> terms = Json.texts(json, "terms");
    return inFields(
        json,
        field -> {
          PhraseQuery.Builder builder = new PhraseQuery.Builder();
          for (int i = 0; i < terms.size(); i++) {
            builder.add(new Term(field, terms.get(i)), Json.place(json, i));
          }
          return builder.build();
        });
  }

  static Query combined(JsonObject json) {
    List<Query> words = new ArrayList<>();
    for (String word : Json.words(json.get("text").getAsString())) {
      CombinedFieldQuery.Builder builder = new CombinedFieldQuery.Builder(word);
      for (JsonObject field : Json.objects(json, "fields")) {
        builder.addField(field.get("field").getAsString(), Json.real(field, "weight", 1));
      }
      words.add(builder.build());
    }
    return anyOf(words);
  }

  /** Terms of one field as if they were one. */
  static Query synonyms(JsonObject json) {
    List<JsonObject> terms = Json.objects(json, "terms");
    String field = terms.get(0).get("field").getAsString();
    SynonymQuery.Builder builder = new SynonymQuery.Builder(field);
    for (JsonObject term : terms) {
      String name = term.get("field").getAsString();
      builder.addTerm(new Term(name, term.get("term").getAsString()), Json.real(term, "weight", 1));
    }
    return builder.build();
  }
}
