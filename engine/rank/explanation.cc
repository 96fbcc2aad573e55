// SPDX-License-Identifier: Apache-2.0
//
// Printing of explanations. Trees are as deep as the query they explain, which
// is bounded, so plain recursion will do.
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "segue/explain.h"

namespace segue {

namespace {

void AppendText(const Explanation& node, size_t depth, std::string* out) {
  out->append(2 * depth, ' ');
  if (node.match) {
    CatTo(out, node.value, " = ", node.description, "\n");
  } else {
    CatTo(out, "no match: ", node.description, "\n");
  }
  for (const Explanation& detail : node.details) {
    AppendText(detail, depth + 1, out);
  }
}

void AppendJson(const Explanation& node, JsonWriter* json) {
  json->BeginObject();
  json->Key("match").Bool(node.match);
  json->Key("value").Float(node.value);
  json->Key("description").String(node.description);
  json->Key("details").BeginArray();
  for (const Explanation& detail : node.details) AppendJson(detail, json);
  json->EndArray();
  json->EndObject();
}

}  // namespace

std::string Explanation::ToText() const {
  std::string out;
  AppendText(*this, 0, &out);
  return out;
}

std::string Explanation::ToJson() const {
  JsonWriter json;
  AppendJson(*this, &json);
  return json.Take();
}

}  // namespace segue
