// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.function.DoubleUnaryOperator;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.NumericUtils;

/** The score of a {@code function_score}, from a document's number and what it would score else. */
final class NumberInScore extends DoubleValuesSource {
  private final JsonObject json;
  private final String field;
  private final String combine;
  private final double bias;
  private final double weight;
  private final DoubleUnaryOperator function;

  NumberInScore(JsonObject json) {
    this.json = json;
    field = json.get("field").getAsString();
    combine = Json.text(json, "combine", "multiply");
    bias = Json.number(json, "bias", 0);
    weight = Json.number(json, "weight", 1);
    function = function();
  }

  private DoubleUnaryOperator function() {
    double factor = Json.number(json, "factor", 1);
    double pivot = Json.number(json, "pivot", 1);
    double decay = Json.number(json, "decay", 0.5);
    return switch (json.get("function").getAsString()) {
      case "value" -> value -> positive(value * factor);
      case "sqrt" -> value -> Math.sqrt(positive(value * factor));
      case "log1p" -> value -> StrictMath.log1p(positive(value * factor));
      case "saturation" ->
          value -> positive(value * factor) / (positive(value * factor) + pivot);
      case "reciprocal" -> value -> pivot / (positive(value * factor) + pivot);
      case "gauss" -> value -> StrictMath.pow(decay, distance(value) * distance(value));
      case "exponential" -> value -> StrictMath.pow(decay, distance(value));
      default -> value -> positive(1 - distance(value) * (1 - decay));
    };
  }

  private static double positive(double value) {
    return Math.max(0, value);
  }

  private double distance(double value) {
    double away = Math.abs(value - json.get("origin").getAsDouble());
    return positive(away - Json.number(json, "offset", 0)) / Json.number(json, "scale", 1);
  }

  private double combined(double score, double number) {
    double counted = bias + weight * number;
    return switch (combine) {
      case "multiply" -> score * counted;
      case "add" -> score + counted;
      case "max" -> Math.max(score, counted);
      case "min" -> Math.min(score, counted);
      default -> counted;
    };
  }

  private double withoutValue(double score) {
    if (json.has("missing")) {
      return combined(score, function.applyAsDouble(json.get("missing").getAsDouble()));
    }
    return combine.equals("replace") ? 0 : score;
  }

  private double asDouble(long stored) {
    return field.equals(Fields.DECIMALS) ? NumericUtils.sortableLongToDouble(stored) : stored;
  }

  @Override
  public DoubleValues getValues(LeafReaderContext context, DoubleValues scores)
      throws IOException {
    SortedNumericDocValues values = DocValues.getSortedNumeric(context.reader(), field);
    return new DoubleValues() {
      private double result;

      @Override
      public double doubleValue() {
        return result;
      }

      @Override
      public boolean advanceExact(int doc) throws IOException {
        scores.advanceExact(doc);
        double score = scores.doubleValue();
        if (!values.advanceExact(doc)) {
          result = withoutValue(score);
          return true;
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.docValueCount(); i++) {
          best = Math.max(best, function.applyAsDouble(asDouble(values.nextValue())));
        }
        result = combined(score, best);
        return true;
      }
    };
  }

  @Override
  public boolean needsScores() {
    return true;
  }

  @Override
  public DoubleValuesSource rewrite(IndexSearcher searcher) {
    return this;
  }

  @Override
  public boolean isCacheable(LeafReaderContext context) {
    return false;
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberInScore && json.equals(((NumberInScore) other).json);
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
