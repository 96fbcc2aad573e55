// SPDX-License-Identifier: Apache-2.0
//
// Checks the stored documents of one segment, and what the index should have made of them.
#ifndef SEGUE_VERIFY_STORED_CHECK_H_
#define SEGUE_VERIFY_STORED_CHECK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/manifest.h"
#include "engine/format/stored_format.h"
#include "engine/segment/segment.h"
#include "engine/verify/fingerprint.h"
#include "engine/verify/problems.h"
#include "segue/analysis.h"
#include "segue/schema.h"

namespace segue {

// For one index; Run for each of its segments. Must not outlive its arguments.
class StoredCheck {
 public:
  StoredCheck(const Manifest& manifest, const Schema& schema, const AnalyzerRegistry& analyzers,
              Problems* problems);

  // The salt of a field whose stored values are compared in this segment, or 0.
  uint64_t SaltOf(const Segment& segment, FieldId field) const;

  // Decodes every document, checks its values, and subtracts from *balance what the index should
  // have made of them.
  void Run(const Segment& segment, Balance* balance);

 private:
  struct KnownField {
    const Field* field = nullptr;
    std::shared_ptr<const Analyzer> analyzer;  // text fields, where it is known
  };
  // The values of one field in one document so far.
  struct Progress {
    uint64_t last_position = ~uint64_t{0};  // so that an increment of 1 leads to 0
    bool any_value = false, any_token = false;
    uint32_t values = 0;
    uint64_t skip = 0;
    std::set<std::string, std::less<>> terms;  // where each counts once
  };

  void CheckValue(DocId doc, const StoredField& value);
  uint64_t PrintText(const KnownField& known, const SegmentField* indexed, uint64_t salt,
                     std::string_view text, Progress* progress);
  uint64_t PrintKeyword(uint64_t salt, std::string_view value, Progress* progress);
  static int64_t Ordered(const StoredField& value);

  std::map<FieldId, KnownField> fields_;
  std::map<const Analyzer*, std::unique_ptr<AnalysisStream>> streams_;
  Problems* const problems_;
};

}  // namespace segue

#endif  // SEGUE_VERIFY_STORED_CHECK_H_
