// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LatLonDocValuesField;
import org.apache.lucene.document.LatLonPoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;

/** The fields of the documents: what differential_world.cc puts into its schema. */
final class Fields {
  static final String ID = "id";

  /** Integers, one a document at most. */
  static final String INTEGER = "n";

  /** Numbers, any many a document. */
  static final String DECIMALS = "d";

  /** Points on the earth, any many a document. */
  static final String POINTS = "g";

  /** Keywords, any many a document. */
  static final String KEYWORDS = "tag";

  /** Text that words without a field are looked for in. */
  static final List<String> DEFAULTS = List.of("title", "body");

  private Fields() {}

  static Document document(JsonObject json) {
    Document document = new Document();
    for (Map.Entry<String, JsonElement> member : json.entrySet()) {
      if (member.getValue().isJsonArray()) {
        for (JsonElement value : member.getValue().getAsJsonArray()) {
          add(member.getKey(), value, document);
        }
      } else {
        add(member.getKey(), member.getValue(), document);
      }
    }
    return document;
  }

  private static void add(String name, JsonElement value, Document document) {
    switch (name) {
      case INTEGER -> {
        document.add(new LongPoint(name, value.getAsLong()));
        document.add(new NumericDocValuesField(name, value.getAsLong()));
      }
      case DECIMALS -> {
        long sortable = NumericUtils.doubleToSortableLong(value.getAsDouble());
        document.add(new DoublePoint(name, value.getAsDouble()));
        document.add(new SortedNumericDocValuesField(name, sortable));
      }
      case POINTS -> {
        double latitude = value.getAsJsonObject().get("lat").getAsDouble();
        double longitude = value.getAsJsonObject().get("lon").getAsDouble();
        document.add(new LatLonPoint(name, latitude, longitude));
        document.add(new LatLonDocValuesField(name, latitude, longitude));
      }
      case KEYWORDS, ID -> {
        document.add(new StringField(name, value.getAsString(), Field.Store.NO));
        document.add(new SortedSetDocValuesField(name, new BytesRef(value.getAsString())));
      }
      default -> document.add(new TextField(name, value.getAsString(), Field.Store.NO));
    }
  }
}
