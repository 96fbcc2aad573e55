// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.intervals.IntervalQuery;
import org.apache.lucene.queries.intervals.Intervals;
import org.apache.lucene.queries.intervals.IntervalsSource;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.MultiPhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;

/** Words near each other: interval queries, and phrases of words that any of some may stand for. */
final class Nears {
  private final Patterns patterns;

  Nears(Patterns patterns) {
    this.patterns = patterns;
  }

  Query query(JsonObject json) throws IOException {
    String field = json.get("field").getAsString();
    if (json.get("kind").getAsString().equals("near_related")) {
      return new IntervalQuery(field, related(json, field));
    }
    if (Json.text(json, "order", "any").equals("phrase")) {
      return phrase(json, field);
    }
    return new IntervalQuery(field, near(json, field));
  }

  private IntervalsSource related(JsonObject json, String field) throws IOException {
    IntervalsSource near = source(json.getAsJsonObject("near"), field);
    IntervalsSource other = source(json.getAsJsonObject("other"), field);
    return switch (json.get("relation").getAsString()) {
      case "containing" -> Intervals.containing(near, other);
      case "not_containing" -> Intervals.notContaining(near, other);
      case "within" -> Intervals.containedBy(near, other);
      default -> Intervals.notContainedBy(near, other);
    };
  }

  private IntervalsSource near(JsonObject json, String field) throws IOException {
    IntervalsSource[] parts = sources(json, "parts", field);
    int atLeast = Json.integer(json, "at_least", 0);
    IntervalsSource together =
        switch (Json.text(json, "order", "any")) {
          case "ordered" -> Intervals.ordered(parts);
          case "phrase" -> Intervals.phrase(parts);
          default -> atLeast > 0 ? Intervals.atLeast(atLeast, parts) : Intervals.unordered(parts);
        };
    return Intervals.maxgaps(Json.integer(json, "slop", 0), together);
  }

  private IntervalsSource[] sources(JsonObject json, String name, String field)
      throws IOException {
    List<IntervalsSource> sources = new ArrayList<>();
    for (JsonObject source : Json.objects(json, name)) {
      sources.add(source(source, field));
    }
    return sources.toArray(IntervalsSource[]::new);
  }

  private IntervalsSource source(JsonObject json, String field) throws IOException {
    return switch (json.get("kind").getAsString()) {
      case "near" -> near(json, field);
      case "term" -> Intervals.term(json.get("term").getAsString());
      case "match" ->
          Intervals.phrase(Json.words(json.get("text").getAsString()).toArray(String[]::new));
      case "boolean" -> Intervals.or(sources(json, "clauses", field));
      default -> patterns.intervals(json, field);
    };
  }

  private Query phrase(JsonObject json, String field) throws IOException {
    MultiPhraseQuery.Builder builder = new MultiPhraseQuery.Builder();
    List<JsonObject> parts = Json.objects(json, "parts");
    for (int i = 0; i < parts.size(); i++) {
      List<Term> terms = new ArrayList<>();
      addTerms(parts.get(i), field, terms);
      if (terms.isEmpty()) {
        return MatchNoDocsQuery.INSTANCE;
      }
      builder.add(terms.toArray(Term[]::new), Json.place(json, i));
    }
    return builder.setSlop(Json.integer(json, "slop", 0)).build();
  }

  private void addTerms(JsonObject json, String field, List<Term> terms) throws IOException {
    switch (json.get("kind").getAsString()) {
      case "term" -> terms.add(new Term(field, json.get("term").getAsString()));
      case "match" -> terms.add(new Term(field, json.get("text").getAsString()));
      case "boolean" -> {
        for (JsonObject clause : Json.objects(json, "clauses")) {
          addTerms(clause, field, terms);
        }
      }
      default -> {
        for (BytesRef term : patterns.terms(json, field)) {
          terms.add(new Term(field, term));
        }
      }
    }
  }
}
