// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.queries.intervals.Intervals;
import org.apache.lucene.queries.intervals.IntervalsSource;
import org.apache.lucene.search.BoostAttribute;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.FuzzyTermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;

/** Queries that stand for many terms. */
final class Patterns {
  /** The most that are scored, or stand near others. */
  private static final int MAX_TERMS = 1024;

  private final IndexReader reader;

  Patterns(IndexReader reader) {
    this.reader = reader;
  }

  /** The best of the terms counts; documents with other ones match all the same. */
  Query query(JsonObject json) throws IOException {
    String field = json.get("field").getAsString();
    if (isFuzzy(json) && edits(json) == 0) {
      return new TermQuery(new Term(field, json.get("term").getAsString()));
    }
    Query all =
        isFuzzy(json)
            ? new TermInSetQuery(field, terms(json, field))
            : query(json, field, MultiTermQuery.CONSTANT_SCORE_BLENDED_REWRITE);
    Query best = query(json, field, new BestTermsRewrite(MAX_TERMS, prefix(json)));
    return new DisjunctionMaxQuery(List.of(best, new BoostQuery(all, 0)), 0);
  }

  /** The same as a part of what stands near others. */
  IntervalsSource intervals(JsonObject json, String field) throws IOException {
    return switch (json.get("kind").getAsString()) {
      case "prefix" ->
          Intervals.prefix(new BytesRef(json.get("prefix").getAsString()), MAX_TERMS);
      case "wildcard" ->
          Intervals.wildcard(new BytesRef(json.get("pattern").getAsString()), MAX_TERMS);
      case "regexp" ->
          Intervals.regexp(new BytesRef(json.get("pattern").getAsString()), MAX_TERMS);
      default -> {
        // Intervals.fuzzyTerm has its own idea of which words are too short to be edited.
        List<BytesRef> terms = terms(json, field);
        yield terms.isEmpty()
            ? Intervals.noIntervals("no such word")
            : Intervals.or(terms.stream().map(Intervals::term).toList());
      }
    };
  }

  /** All terms of the field. */
  List<BytesRef> terms(JsonObject json, String field) throws IOException {
    List<BytesRef> terms = new ArrayList<>();
    Terms all = MultiTerms.getTerms(reader, field);
    TermsEnum found =
        isFuzzy(json)
            ? new FuzzyTermsEnum(
                all,
                new Term(field, json.get("term").getAsString()),
                edits(json),
                prefixLength(json),
                true)
            : query(json, field, MultiTermQuery.CONSTANT_SCORE_REWRITE).getTermsEnum(all);
    BoostAttribute boost = found.attributes().addAttribute(BoostAttribute.class);
    for (BytesRef term = found.next(); term != null; term = found.next()) {
      // As many edits as characters: no term at all here.
      if (boost.getBoost() > 0) {
        terms.add(BytesRef.deepCopyOf(term));
      }
    }
    return terms;
  }

  private static MultiTermQuery query(
      JsonObject json, String field, MultiTermQuery.RewriteMethod rewrite) {
    return switch (json.get("kind").getAsString()) {
      case "prefix" -> new PrefixQuery(new Term(field, json.get("prefix").getAsString()), rewrite);
      case "wildcard" ->
          new WildcardQuery(
              new Term(field, json.get("pattern").getAsString()),
              Operations.DEFAULT_DETERMINIZE_WORK_LIMIT,
              rewrite);
      case "regexp" ->
          new RegexpQuery(
              new Term(field, json.get("pattern").getAsString()),
              RegExp.NONE,
              0,
              RegexpQuery.DEFAULT_PROVIDER,
              Operations.DEFAULT_DETERMINIZE_WORK_LIMIT,
              rewrite);
      default ->
          new FuzzyQuery(
              new Term(field, json.get("term").getAsString()),
              edits(json),
              prefixLength(json),
              MAX_TERMS,
              true,
              rewrite);
    };
  }

  /** What counts in full of a prefix, or of a pattern that is one; null for others. */
  private static String prefix(JsonObject json) {
    if (!json.get("kind").getAsString().equals("wildcard")) {
      return Json.text(json, "prefix", null);
    }
    String pattern = json.get("pattern").getAsString();
    String begin = pattern.substring(0, pattern.length() - 1);
    boolean isPrefix = pattern.endsWith("*") && !begin.contains("*") && !begin.contains("?");
    return isPrefix ? begin : null;
  }

  private static boolean isFuzzy(JsonObject json) {
    return json.get("kind").getAsString().equals("fuzzy");
  }

  private static int prefixLength(JsonObject json) {
    return Json.integer(json, "prefix_length", 0);
  }

  private static int edits(JsonObject json) {
    int length = json.get("term").getAsString().length();
    return Json.integer(json, "edits", length <= 2 ? 0 : length <= 5 ? 1 : 2);
  }
}
