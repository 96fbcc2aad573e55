// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.util.List;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LatLonPoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;

/** Values that are equal to others, lie between or near them, or are there at all. */
final class Values {
  private Values() {}

  static Query query(JsonObject json) {
    return switch (json.get("kind").getAsString()) {
      case "equals" -> equalTo(json);
      case "range", "term_range" -> range(json);
      case "in" -> in(json);
      case "geo_box" -> box(json);
      case "geo_distance" -> distance(json);
      case "exists" -> new FieldExistsQuery(json.get("field").getAsString());
      default -> new TermInSetQuery(Fields.ID, bytes(Json.texts(json, "ids")));
    };
  }

  private static Query equalTo(JsonObject json) {
    String field = json.get("field").getAsString();
    return switch (field) {
      case Fields.INTEGER -> LongPoint.newExactQuery(field, json.get("value").getAsLong());
      case Fields.DECIMALS -> DoublePoint.newExactQuery(field, json.get("value").getAsDouble());
      default -> new TermQuery(new Term(field, json.get("value").getAsString()));
    };
  }

  private static Query box(JsonObject json) {
    return LatLonPoint.newBoxQuery(
        json.get("field").getAsString(),
        json.get("south").getAsDouble(),
        json.get("north").getAsDouble(),
        json.get("west").getAsDouble(),
        json.get("east").getAsDouble());
  }

  private static Query distance(JsonObject json) {
    return LatLonPoint.newDistanceQuery(
        json.get("field").getAsString(),
        json.get("lat").getAsDouble(),
        json.get("lon").getAsDouble(),
        json.get("meters").getAsDouble());
  }

  private static Query in(JsonObject json) {
    String field = json.get("field").getAsString();
    List<String> values = Json.texts(json, "values");
    return switch (field) {
      case Fields.INTEGER ->
          LongPoint.newSetQuery(field, values.stream().mapToLong(Long::parseLong).toArray());
      case Fields.DECIMALS ->
          DoublePoint.newSetQuery(
              field, values.stream().mapToDouble(Double::parseDouble).toArray());
      default -> new TermInSetQuery(field, bytes(values));
    };
  }

  private static Query range(JsonObject json) {
    String field = json.get("field").getAsString();
    boolean withFrom = Json.truth(json, "include_from", true);
    boolean withTo = Json.truth(json, "include_to", true);
    return switch (field) {
      case Fields.INTEGER -> {
        long from = json.has("from") ? json.get("from").getAsLong() : Long.MIN_VALUE;
        long to = json.has("to") ? json.get("to").getAsLong() : Long.MAX_VALUE;
        yield LongPoint.newRangeQuery(field, withFrom ? from : from + 1, withTo ? to : to - 1);
      }
      case Fields.DECIMALS -> {
        double from = Json.number(json, "from", Double.NEGATIVE_INFINITY);
        double to = Json.number(json, "to", Double.POSITIVE_INFINITY);
        yield DoublePoint.newRangeQuery(
            field,
            withFrom ? from : DoublePoint.nextUp(from),
            withTo ? to : DoublePoint.nextDown(to));
      }
      default ->
          TermRangeQuery.newStringRange(
              field, Json.text(json, "from", null), Json.text(json, "to", null), withFrom, withTo);
    };
  }

  private static List<BytesRef> bytes(List<String> texts) {
    return texts.stream().map(BytesRef::new).toList();
  }
}
