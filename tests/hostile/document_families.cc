// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/document_families.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/base/limits.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kMostBytes = size_t{512} << 10;

// From a few bytes to a quarter of kMostBytes, evenly in its logarithm; the last one has all.
size_t BytesOf(uint64_t number) {
  if (number + 1 == kDocumentsInFamily) return kMostBytes;
  return size_t{4} << number * 16 / (kDocumentsInFamily - 1);
}

std::string Body(const std::string& text) { return Cat(R"({"id":"a","body":")", text, "\"}"); }

// ---- As JSON ----

std::string Nesting(SeededRandom& random, uint64_t number) {
  const std::string open = Pick(random, {"[", "{\"body\":", "[[],", "{\"a\":["});
  const size_t depth = BytesOf(number) / open.size();
  return Cat(R"({"id":"a","body":)", Repeat(open, depth),
             random.OneIn(2) ? Repeat(open == "[" ? "]" : "}", depth) : "", "}");
}

std::string Members(SeededRandom& random, uint64_t number) {
  std::string json = R"({"id":"a")";
  const bool distinct = random.OneIn(2);
  for (size_t i = 0; json.size() < BytesOf(number); ++i) {
    json += distinct ? Cat(",\"m", i, "\":1") : Pick(random, {",\"n\":1", ",\"body\":\"a\""});
  }
  return json + "}";
}

std::string Numbers(SeededRandom& random, uint64_t) {
  const std::string number = Pick(
      random, {"1e999", "-1e999", "NaN", "Infinity", "99999999999999999999", "1e-999", "-0", "01",
               "9223372036854775808", "-9223372036854775808", "0.1e1", "1e5", "1.0", "+1", "1_0"});
  const std::string field = Pick(random, {"n", "x", "flag", "at", "id", "body", "blob", "tag"});
  return Cat(R"({"id":"a",")", field, "\":", random.OneIn(3) ? Cat("[", number, "]") : number, "}");
}

std::string WrongTypes(SeededRandom& random, uint64_t) {
  std::string json = "{\"id\":";
  const auto value = [&] {
    return Pick(random, {"null", "true", "[]", "{}", "1", "\"a\"", "[[\"a\"]]", "[1,\"a\"]",
                         "\"2024-99-99T00:00:00Z\"", "\"2024-02-30T25:61:61Z\"", "1.5", "[null]"});
  };
  json += value();
  for (const char* field : {"title", "body", "bare", "tag", "n", "x", "flag", "at", "blob"}) {
    if (random.OneIn(2)) json += Cat(",\"", field, "\":", value());
  }
  return json + "}";
}

std::string Escapes(SeededRandom& random, uint64_t number) {
  const std::string piece =
      Pick(random, {"\\u0000", "\\ud800", "\\udfff\\ud800", "\\ud83d\\ude00", "\\\\", "\\x",
                    "\\u12", "\xff", "\x01", "\\n", "\xed\xa0\x80"});
  return Body(Repeat(piece, BytesOf(number) / piece.size() + 1));
}

std::string MutatedJson(SeededRandom& random, uint64_t) {
  const std::string json =
      R"({"id":"a","title":"Kind of Blue","body":"so what","tag":["x","y"],"n":1959,"x":0.5,)"
      R"("flag":true,"at":"1959-08-17T00:00:00Z","blob":"AAEC"})";
  return Mutated(random, json);
}

std::string Broken(SeededRandom& random, uint64_t number) {
  std::string json = Body(Repeat("word ", BytesOf(number) / 5));
  json.resize(random.Below(json.size() + 1));
  return json + Pick(random, {"", "\"", "}", "}}", "\0", "\xef\xbb\xbf"});
}

// ---- Built ----

Document WithBody(std::string text) {
  return Document().Add("id", "a").Add("body", std::move(text));
}

Document DistinctTokens(SeededRandom& random, uint64_t number) {
  std::string text;
  for (uint64_t i = random.Below(1000); text.size() < BytesOf(number); ++i) {
    text += Hex(i * 2654435761u % 0xffffff) + " ";
  }
  return WithBody(std::move(text));
}

Document OneToken(SeededRandom& random, uint64_t number) {
  const std::string word = Pick(random, {"a ", "same ", "a-", "1.", "\xe4\xb8\xad"});
  return WithBody(Repeat(word, BytesOf(number) / word.size() + 1));
}

Document LongTokens(SeededRandom& random, uint64_t number) {
  const std::string piece =
      Pick(random, {"a", "\xc3\xa9", "_", "a'", "\xf0\x9f\x91\xa8\xe2\x80\x8d", "9", "A"});
  std::string text = Repeat(piece, BytesOf(number) / piece.size() + 1);
  if (random.OneIn(2)) text.insert(text.size() / 2, " ");
  return WithBody(std::move(text));
}

Document Unbroken(SeededRandom& random, uint64_t number) {
  const std::string piece =
      Pick(random, {"\xe0\xb8\x81\xe0\xb8\xb2", "\xe3\x81\x82", "\xe3\x82\xa2", "\xea\xb0\x80",
                    "\xe1\x80\x80", "\xd7\x90\xd6\xb0", "\xf0\x9f\x87\xa9", "\xf0\xa0\x80\x80"});
  return WithBody(Repeat(piece, BytesOf(number) / piece.size() + 1));
}

Document Marks(SeededRandom& random, uint64_t number) {
  std::string text = "a";
  while (text.size() < BytesOf(number)) {
    text += Pick(random, {"\xcc\x81", "\xcc\x82", "\xe2\x80\x8d", "\xef\xb8\x8f", "\xcd\x8f"});
  }
  return WithBody(std::move(text));
}

Document Bytes(SeededRandom& random, uint64_t number) {
  const std::string bytes = DrawBytes(random, BytesOf(number));
  Document document = WithBody(bytes);
  document.Add("blob", bytes).Add("title", bytes);
  return document;
}

Document Nuls(SeededRandom& random, uint64_t number) {
  std::string text(BytesOf(number), '\0');
  for (size_t i = 0; i < text.size(); i += 1 + random.Below(9)) text[i] = 'a';
  return WithBody(text).Add("title", text);
}

// Lengths of keys and keywords around the limit.
Document Keywords(SeededRandom& random, uint64_t) {
  constexpr size_t kBytes[] = {0, 1, kMaxTermBytes - 1, kMaxTermBytes, kMaxTermBytes + 1, 70000};
  Document document;
  document.Add("id", DrawBytes(random, kBytes[random.Below(std::size(kBytes))]));
  for (uint64_t i = random.Below(4); i > 0; --i) {
    document.Add("tag", DrawBytes(random, kBytes[random.Below(std::size(kBytes))]));
  }
  return document;
}

Document ManyValues(SeededRandom& random, uint64_t number) {
  Document document;
  document.Add("id", "a");
  const std::string field = Pick(random, {"tag", "body", "n", "absent", "id"});
  for (size_t i = BytesOf(number) / 16; i > 0; --i) document.Add(field, Cat("v", i % 1000));
  return document;
}

// Values that a program puts where another type belongs.
Document OtherTypes(SeededRandom& random, uint64_t) {
  const Value values[] = {std::numeric_limits<int64_t>::min(),
                          std::numeric_limits<double>::quiet_NaN(),
                          std::numeric_limits<double>::infinity(),
                          true,
                          std::string("a"),
                          std::string(),
                          -0.0};
  Document document;
  if (!random.OneIn(4)) document.Add("id", Cat("k", random.Below(9)));
  for (uint64_t i = random.Between(1, 6); i > 0; --i) {
    document.Add(Pick(random, {"id", "title", "body", "bare", "tag", "n", "x", "flag", "at", "blob",
                               "absent", ""}),
                 values[random.Below(std::size(values))]);
  }
  return document;
}

// Tokens that the host program made: positions and places that cannot be.
Document GivenTokens(SeededRandom& random, uint64_t number) {
  std::vector<PreToken> tokens;
  const uint32_t increments[] = {0, 1, 1, 1, 100, UINT32_MAX, 0x7fffffff};
  for (size_t i = BytesOf(number) / 40 + 1; i > 0; --i) {
    const bool odd = random.OneIn(50);
    tokens.push_back({.term = odd ? DrawBytes(random, random.Below(40000)) : Cat("t", i % 300),
                      .position_increment = odd ? increments[random.Below(std::size(increments))]
                                                : static_cast<uint32_t>(1),
                      .start_byte = odd ? random.U32() : 0,
                      .end_byte = odd ? random.U32() : 1});
    if (odd && tokens.back().term.size() > 4000) i -= std::min<size_t>(i - 1, 100);
  }
  return Document().Add("id", "a").AddTokens(Pick(random, {"body", "bare", "tag", "n"}), "given",
                                             std::move(tokens));
}

Document LongNames(SeededRandom& random, uint64_t number) {
  return Document()
      .Add("id", "a")
      .Add(DrawBytes(random, BytesOf(number)), "value")
      .Add(Repeat("body", number), int64_t{1});
}

// Words that filters and word breaking take longest for.
Document Awkward(SeededRandom& random, uint64_t number) {
  std::string text;
  while (text.size() < BytesOf(number)) {
    text += Pick(random, {"a.b.c.d.", "1,1,1,", "a:a:", "''''", "\"\"", "http://a.b/", "a_b_",
                          "\xc2\xad", "I\xc4\xb0", "\xc3\x9f", "\xef\xac\x81", "x\xcc\x81", " "});
  }
  return WithBody(std::move(text));
}

}  // namespace

std::vector<TextFamily> DocumentJsonFamilies() {
  return {
      {"JSON nesting", "recursion of a JSON reader", Nesting},
      {"members", "names without end, or the same ones", Members},
      {"JSON numbers", "what no type holds", Numbers},
      {"wrong types", "values that are something else", WrongTypes},
      {"escapes", "half characters and NULs", Escapes},
      {"mutated JSON", "whatever nobody thought of", MutatedJson},
      {"broken JSON", "an end too early, or something behind it", Broken},
  };
}

std::vector<DocumentFamily> BuiltDocumentFamilies() {
  return {
      {"distinct tokens", "a table that grows with each", DistinctTokens},
      {"one token", "one list of positions for all", OneToken},
      {"long tokens", "copies of a token as it grows", LongTokens},
      {"unbroken scripts", "a run of letters without a break", Unbroken},
      {"combining marks", "one character without end", Marks},
      {"any bytes", "what is no UTF-8", Bytes},
      {"NULs", "texts that end at NUL", Nuls},
      {"keywords", "terms and keys around the limit", Keywords},
      {"many values", "values of one field", ManyValues},
      {"other types", "values that their fields do not hold", OtherTypes},
      {"given tokens", "positions that overflow", GivenTokens},
      {"long names", "fields that nobody declared", LongNames},
      {"awkward words", "rules of word breaking that look far ahead", Awkward},
  };
}

}  // namespace segue
