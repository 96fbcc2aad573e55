// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Members of a JSON object that may be left out. */
final class Json {
  private Json() {}

  static String text(JsonObject json, String name, String without) {
    return json.has(name) ? json.get(name).getAsString() : without;
  }

  static int integer(JsonObject json, String name, int without) {
    return json.has(name) ? json.get(name).getAsInt() : without;
  }

  static float real(JsonObject json, String name, float without) {
    return json.has(name) ? json.get(name).getAsFloat() : without;
  }

  static double number(JsonObject json, String name, double without) {
    return json.has(name) ? json.get(name).getAsDouble() : without;
  }

  static boolean truth(JsonObject json, String name, boolean without) {
    return json.has(name) ? json.get(name).getAsBoolean() : without;
  }

  static List<JsonObject> objects(JsonObject json, String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray(name)) {
      objects.add(element.getAsJsonObject());
    }
    return objects;
  }

  static List<String> texts(JsonObject json, String name) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray(name)) {
      texts.add(element.getAsString());
    }
    return texts;
  }

  /** Where the i-th part of a phrase stands in it. */
  static int place(JsonObject json, int i) {
    return json.has("positions") ? json.getAsJsonArray("positions").get(i).getAsInt() : i;
  }

  static List<String> words(String text) {
    return List.of(text.trim().split(" +"));
  }
}
