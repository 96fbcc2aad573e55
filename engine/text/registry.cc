// SPDX-License-Identifier: Apache-2.0
//
// Three tables of makers and one of analyzers, shared between copies of a registry until one of
// them registers something. Making an analyzer reads its JSON, asks the makers for sources, and
// writes down all that they read and noted as the canonical definition.
#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/text/analyzer_impl.h"
#include "segue/analysis.h"

namespace segue {
namespace {

template <typename Value>
std::vector<std::string> NamesOf(const std::map<std::string, Value, std::less<>>& table) {
  std::vector<std::string> names;
  for (const auto& [name, value] : table) names.push_back(name);
  return names;
}

absl::Status UnknownName(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known) {
  // Of names that nobody meant, some that there are.
  constexpr size_t kMaxListed = 12;
  const std::string nearest = NearestName(name, known);
  std::string hint;
  if (IsNearName(name, nearest)) {
    hint = Cat("; did you mean \"", nearest, "\"?");
  } else if (!known.empty()) {
    hint = "; there are ";
    for (size_t i = 0; i < std::min(known.size(), kMaxListed); ++i) {
      CatTo(&hint, i > 0 ? ", " : "", known[i]);
    }
    if (known.size() > kMaxListed) CatTo(&hint, " and ", known.size() - kMaxListed, " more");
  }
  return Error(ErrorCode::kInvalidArgument, Cat("there is no ", what, " ", Quoted(name), hint));
}

absl::StatusOr<PartOption> OptionOf(const JsonValue& value) {
  switch (value.kind()) {
    case JsonValue::Kind::kBool:
      return PartOption(value.bool_value());
    case JsonValue::Kind::kInt64:
      return PartOption(value.int64_value());
    case JsonValue::Kind::kUint64:
    case JsonValue::Kind::kDouble:
      return PartOption(value.AsDouble());
    case JsonValue::Kind::kString:
      return PartOption(std::string(value.string_value()));
    case JsonValue::Kind::kArray: {
      std::vector<std::string> list;
      for (const JsonValue& element : value.elements()) {
        if (!element.is_string()) break;
        list.emplace_back(element.string_value());
      }
      if (list.size() == value.elements().size()) return PartOption(std::move(list));
      break;
    }
    default:
      break;
  }
  return Error(
      ErrorCode::kInvalidArgument,
      Cat("must be a boolean, a number, a string or an array of strings, not ", value.kind_name()));
}

// A part as a definition names it.
struct PartSpec {
  std::string name;
  std::map<std::string, PartOption> options;
};

absl::StatusOr<PartSpec> ReadPart(std::string_view what, const JsonValue& json) {
  PartSpec spec;
  if (json.is_string()) {
    spec.name = json.string_value();
    return spec;
  }
  const JsonValue* type = json.Find("type");
  if (type == nullptr || !type->is_string()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("a ", what, " must be a name or an object with a \"type\", not ",
                     json.is_object() ? "an object without one" : json.kind_name()));
  }
  spec.name = type->string_value();
  for (const JsonMember& member : json.members()) {
    if (member.name == "type") continue;
    absl::StatusOr<PartOption> option = OptionOf(member.value);
    if (!option.ok()) {
      return Annotate(option.status(),
                      Cat("option ", Quoted(member.name), " of ", Quoted(spec.name)));
    }
    if (!spec.options.emplace(member.name, *std::move(option)).second) {
      return Error(ErrorCode::kInvalidArgument, Cat("option ", Quoted(member.name), " of ",
                                                    Quoted(spec.name), " is there twice"));
    }
  }
  return spec;
}

void WriteOption(const PartOption& option, JsonWriter* out) {
  if (const bool* flag = std::get_if<bool>(&option)) {
    out->Bool(*flag);
  } else if (const int64_t* integer = std::get_if<int64_t>(&option)) {
    out->Int(*integer);
  } else if (const double* number = std::get_if<double>(&option)) {
    out->Double(*number);
  } else if (const std::string* text = std::get_if<std::string>(&option)) {
    out->String(*text);
  } else {
    out->BeginArray();
    for (const std::string& element : std::get<std::vector<std::string>>(option)) {
      out->String(element);
    }
    out->EndArray();
  }
}

void WritePart(std::string_view name, const PartOptions& options, JsonWriter* out) {
  out->BeginObject();
  out->Key("type").String(name);
  for (const auto& [option, value] : options.noted()) {
    out->Key(option);
    WriteOption(value, out);
  }
  out->EndObject();
}

// FNV-1a with a last mix, for every byte to reach every bit. Never 0, which means "no analyzer".
uint64_t FingerprintOf(std::string_view definition) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (char c : definition) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93u;
  hash ^= hash >> 32;
  return hash == 0 ? 1 : hash;
}

// Makes sources and writes the canonical definition meanwhile.
class Assembler {
 public:
  template <typename Part>
  using Makers = std::map<std::string, PartMaker<Part>, std::less<>>;

  template <typename Part>
  absl::StatusOr<PartSource<Part>> MakePart(std::string_view what, const Makers<Part>& makers,
                                            const JsonValue& json) {
    SEGUE_ASSIGN_OR_RETURN(PartSpec spec, ReadPart(what, json));
    const auto maker = makers.find(spec.name);
    if (maker == makers.end()) return UnknownName(what, spec.name, NamesOf(makers));
    PartOptions options(std::move(spec.options));
    SEGUE_ASSIGN_OR_RETURN(PartSource<Part> source, maker->second(options));
    SEGUE_RETURN_IF_ERROR(options.Check(spec.name));
    if (source == nullptr || source() == nullptr) {
      return Error(ErrorCode::kInvalidArgument, Cat("the ", what, " \"", spec.name,
                                                    "\" was registered without a working maker"));
    }
    JsonWriter part;
    WritePart(spec.name, options, &part);
    parts_.push_back(part.Take());
    WritePart(spec.name, options, &definition_);
    for (const auto& [data, version] : options.versions()) versions_[data] = version;
    return source;
  }

  template <typename Part>
  absl::StatusOr<std::vector<PartSource<Part>>> MakeParts(std::string_view what,
                                                          std::string_view member,
                                                          const Makers<Part>& makers,
                                                          const JsonValue* json) {
    std::vector<PartSource<Part>> sources;
    definition_.Key(member).BeginArray();
    if (json != nullptr && !json->is_array()) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"", member, "\" must be an array, not ", json->kind_name()));
    }
    if (json != nullptr && json->elements().size() > kMaxAnalyzerParts) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("\"", member, "\" has more than ", kMaxAnalyzerParts, " parts"));
    }
    if (json != nullptr) {
      for (const JsonValue& element : json->elements()) {
        SEGUE_ASSIGN_OR_RETURN(PartSource<Part> source, MakePart(what, makers, element));
        sources.push_back(std::move(source));
      }
    }
    definition_.EndArray();
    return sources;
  }

  JsonWriter& definition() { return definition_; }
  std::vector<std::string> TakeParts() { return std::move(parts_); }

  std::string TakeDefinition() {
    if (!versions_.empty()) {
      definition_.Key("versions").BeginObject();
      for (const auto& [data, version] : versions_) definition_.Key(data).String(version);
      definition_.EndObject();
    }
    definition_.EndObject();
    return definition_.Take();
  }

 private:
  JsonWriter definition_;
  std::vector<std::string> parts_;
  std::map<std::string, std::string> versions_;
};

absl::Status CheckMembers(const JsonValue& json) {
  static constexpr std::string_view kMembers[] = {"char_filters", "filters", "tokenizer",
                                                  "versions"};
  if (!json.is_object()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("an analyzer's definition must be an object, not ", json.kind_name()));
  }
  for (size_t i = 0; i < json.members().size(); ++i) {
    const std::string& name = json.members()[i].name;
    if (std::find(std::begin(kMembers), std::end(kMembers), name) == std::end(kMembers)) {
      return UnknownName("member", name, {std::begin(kMembers), std::end(kMembers)});
    }
    if (json.Find(name) != &json.members()[i].value) {
      return Error(ErrorCode::kInvalidArgument, Cat("member \"", name, "\" is there twice"));
    }
  }
  if (json.Find("tokenizer") == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "an analyzer's definition needs a \"tokenizer\"");
  }
  return absl::OkStatus();
}

// An analyzer that was registered, or is made of the built-in parts when it is first asked for: few
// programs use more than one of them.
struct NamedAnalyzer {
  std::string definition;  // of a built-in one
  std::once_flag once;
  absl::StatusOr<std::shared_ptr<const Analyzer>> made = Error(ErrorCode::kInternal, "not made");
};

}  // namespace

struct AnalyzerRegistry::Impl {
  Assembler::Makers<CharFilter> char_filters;
  Assembler::Makers<Tokenizer> tokenizers;
  Assembler::Makers<TokenFilter> filters;
  std::map<std::string, std::shared_ptr<NamedAnalyzer>, std::less<>> analyzers;
};

AnalyzerRegistry::AnalyzerRegistry() : impl_(std::make_unique<Impl>()) {}
AnalyzerRegistry::~AnalyzerRegistry() = default;
AnalyzerRegistry::AnalyzerRegistry(const AnalyzerRegistry& other)
    : impl_(std::make_unique<Impl>(*other.impl_)) {}
AnalyzerRegistry& AnalyzerRegistry::operator=(const AnalyzerRegistry& other) {
  impl_ = std::make_unique<Impl>(*other.impl_);
  return *this;
}

const AnalyzerRegistry& AnalyzerRegistry::BuiltIn() {
  static const AnalyzerRegistry* const registry = [] {
    auto* made = new AnalyzerRegistry();  // lives as long as the process
    RegisterBuiltInParts(made);
    for (auto& [name, definition] : BuiltInAnalyzers()) {
      auto named = std::make_shared<NamedAnalyzer>();
      named->definition = std::move(definition);
      made->impl_->analyzers[name] = std::move(named);
    }
    return made;
  }();
  return *registry;
}

void AnalyzerRegistry::RegisterCharFilter(std::string_view name, PartMaker<CharFilter> maker) {
  impl_->char_filters[std::string(name)] = std::move(maker);
}

void AnalyzerRegistry::RegisterTokenizer(std::string_view name, PartMaker<Tokenizer> maker) {
  impl_->tokenizers[std::string(name)] = std::move(maker);
}

void AnalyzerRegistry::RegisterTokenFilter(std::string_view name, PartMaker<TokenFilter> maker) {
  impl_->filters[std::string(name)] = std::move(maker);
}

absl::Status AnalyzerRegistry::RegisterAnalyzer(std::string_view name,
                                                std::string_view json_definition) {
  absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer = Make(json_definition);
  if (!analyzer.ok()) return Annotate(analyzer.status(), Cat("analyzer ", Quoted(name)));
  auto named = std::make_shared<NamedAnalyzer>();
  std::call_once(named->once, [&] { named->made = *std::move(analyzer); });
  impl_->analyzers[std::string(name)] = std::move(named);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Analyzer>> AnalyzerRegistry::Get(std::string_view name) const {
  const auto found = impl_->analyzers.find(name);
  if (found == impl_->analyzers.end()) return UnknownName("analyzer", name, AnalyzerNames());
  NamedAnalyzer& named = *found->second;
  std::call_once(named.once, [&] { named.made = BuiltIn().Make(named.definition); });
  return named.made;
}

absl::StatusOr<std::shared_ptr<const Analyzer>> AnalyzerRegistry::Make(
    std::string_view json_definition) const {
  SEGUE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(json_definition));
  SEGUE_RETURN_IF_ERROR(CheckMembers(json));
  Assembler assembler;
  auto impl = std::make_unique<Analyzer::Impl>();
  assembler.definition().BeginObject();
  SEGUE_ASSIGN_OR_RETURN(impl->char_filters,
                         assembler.MakeParts("char filter", "char_filters", impl_->char_filters,
                                             json.Find("char_filters")));
  assembler.definition().Key("tokenizer");
  SEGUE_ASSIGN_OR_RETURN(
      impl->tokenizer, assembler.MakePart("tokenizer", impl_->tokenizers, *json.Find("tokenizer")));
  SEGUE_ASSIGN_OR_RETURN(impl->filters, assembler.MakeParts("token filter", "filters",
                                                            impl_->filters, json.Find("filters")));
  impl->definition = assembler.TakeDefinition();
  impl->parts = assembler.TakeParts();
  impl->fingerprint = FingerprintOf(impl->definition);
  return std::shared_ptr<const Analyzer>(new Analyzer(std::move(impl)));
}

std::vector<std::string> AnalyzerRegistry::AnalyzerNames() const {
  return NamesOf(impl_->analyzers);
}
std::vector<std::string> AnalyzerRegistry::CharFilterNames() const {
  return NamesOf(impl_->char_filters);
}
std::vector<std::string> AnalyzerRegistry::TokenizerNames() const {
  return NamesOf(impl_->tokenizers);
}
std::vector<std::string> AnalyzerRegistry::TokenFilterNames() const {
  return NamesOf(impl_->filters);
}

}  // namespace segue
