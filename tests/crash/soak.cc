// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/soak.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/strings.h"

namespace segue::soak {

Schema SoakSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true},
          "n":{"type":"int64"}}})");
}

std::string KeyOf(uint32_t key) { return Cat("k", key); }

uint32_t GroupOf(uint32_t key, uint32_t version) {
  return static_cast<uint32_t>((uint64_t{key} * 7919 + version) % kGroups);
}

std::string TextOf(uint32_t key, uint32_t version) {
  std::string text = Cat("common key", key, " version", version, " group", GroupOf(key, version));
  for (uint32_t i = 0; i < 12; ++i) text += Cat(" w", (key * 31 + version * 17 + i * i) % 500);
  return text;
}

Document DocumentOf(uint32_t key, uint32_t version) {
  return Document()
      .Add("id", KeyOf(key))
      .Add("text", TextOf(key, version))
      .Add("n", static_cast<int64_t>(version));
}

void Apply(const std::vector<Change>& changes, uint32_t version, Model* model) {
  for (const Change& change : changes) {
    switch (change.kind) {
      case Change::Kind::kUpsert:
        (*model)[change.number] = version;
        break;
      case Change::Kind::kDelete:
        model->erase(change.number);
        break;
      case Change::Kind::kDeleteGroup:
        std::erase_if(*model, [&](const auto& document) {
          return GroupOf(document.first, document.second) == change.number;
        });
        break;
    }
  }
}

Usage UsageOf(int process) {
  const std::string folder = Cat("/proc/", process);
  Usage usage;
  std::ifstream status(folder + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) usage.anonymous_mib = std::stod(line.substr(8)) / 1024;
  }
  std::error_code gone;
  for (std::filesystem::directory_iterator it(folder + "/fd", gone), end; !gone && it != end;
       it.increment(gone)) {
    ++usage.open_files;
  }
  return usage;
}

void Trend::Add(double second, double value) {
  const auto quarter = static_cast<size_t>(std::clamp(second / seconds_ * 4, 0.0, 3.0));
  quarters_[quarter].sum += value;
  ++quarters_[quarter].count;
}

}  // namespace segue::soak
