// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.queries.function.FunctionScoreQuery;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;

/** Makes Lucene's query of one in segue's JSON form; docs/query-language.md has that. */
final class QueryReader {
  private final Patterns patterns;
  private final Nears nears;
  private final Likes likes;

  QueryReader(IndexReader reader) {
    patterns = new Patterns(reader);
    nears = new Nears(patterns);
    likes = new Likes(reader);
  }

  Query read(JsonObject json) throws IOException {
    String kind = json.get("kind").getAsString();
    return switch (kind) {
      case "match_all" -> MatchAllDocsQuery.INSTANCE;
      case "match_none" -> MatchNoDocsQuery.INSTANCE;
      case "term" -> Words.term(json);
      case "match" -> Words.match(json);
      case "phrase" -> Words.phrase(json);
      case "match_phrase" -> Words.matchPhrase(json);
      case "combined" -> Words.combined(json);
      case "combined_terms" -> Words.synonyms(json);
      case "near", "near_related" -> nears.query(json);
      case "prefix", "wildcard", "regexp", "fuzzy" -> patterns.query(json);
      case "equals", "range", "term_range", "in", "exists", "ids", "geo_box", "geo_distance" ->
          Values.query(json);
      case "like", "like_terms" -> likes.query(json);
      case "boolean" -> booleanOf(json);
      case "boost" -> new BoostQuery(inner(json), json.get("boost").getAsFloat());
      case "constant_score" ->
          new BoostQuery(new ConstantScoreQuery(inner(json)), json.get("score").getAsFloat());
      case "disjunction_max" -> disjunctionMax(json);
      case "function_score" -> new FunctionScoreQuery(inner(json), new NumberInScore(json));
      case "demote" ->
          FunctionScoreQuery.boostByQuery(
              inner(json), read(json.getAsJsonObject("negative")), json.get("factor").getAsFloat());
      default -> throw new IllegalArgumentException("no kind " + kind);
    };
  }

  private Query inner(JsonObject json) throws IOException {
    return read(json.getAsJsonObject("query"));
  }

  private Query booleanOf(JsonObject json) throws IOException {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (JsonObject clause : Json.objects(json, "clauses")) {
      String occur = clause.get("occur").getAsString().toUpperCase();
      builder.add(read(clause), BooleanClause.Occur.valueOf(occur));
    }
    builder.setMinimumNumberShouldMatch(Json.integer(json, "min_should_match", 0));
    return builder.build();
  }

  private Query disjunctionMax(JsonObject json) throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonObject query : Json.objects(json, "queries")) {
      queries.add(read(query));
    }
    return new DisjunctionMaxQuery(queries, Json.real(json, "tie", 0));
  }
}
