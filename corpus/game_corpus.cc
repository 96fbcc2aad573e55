// SPDX-License-Identifier: Apache-2.0
//
// Documents go to the writer at once, or into an arena if they are to be shuffled. There a document
// is its text, a line break and its id, so that a view is all that has to be moved.
#include "corpus/game_corpus.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "corpus/catalogue_words.h"
#include "corpus/game_line.h"
#include "corpus/game_text.h"
#include "corpus/readers.h"
#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

class CorpusMaker {
 public:
  CorpusMaker(const GameCorpusOptions& options, std::FILE* out)
      : options_(options), out_(out, options.with_numbers) {}

  bool full() const { return !options_.shuffle_seed && out_.lines() >= options_.limit; }
  const GameCorpusCounts& counts() const { return counts_; }
  GameCorpusCounts* mutable_counts() { return &counts_; }

  absl::Status AddArticle(const Record& article, std::string_view id) {
    std::string_view text = article.Text("text");
    if (text.empty()) text = article.Text("contents");
    if (options_.unit == GameUnit::kArticle) return AddDocument(id, article.Text("title"), text);
    const bool passages = options_.unit == GameUnit::kPassage;
    size_t number = 0;
    for (const std::string_view piece : passages ? SplitPassages(text, options_.passages)
                                                 : SplitSentences(text, options_.sentences)) {
      SEGUE_RETURN_IF_ERROR(AddDocument(Cat(id, "#", ++number), {}, piece));
    }
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (options_.shuffle_seed) SEGUE_RETURN_IF_ERROR(WriteShuffled());
    return out_.Flush();
  }

 private:
  absl::Status AddDocument(std::string_view id, std::string_view title, std::string_view text) {
    if (full()) return absl::OkStatus();
    text_.clear();
    AppendGameText(title, &text_);
    AppendGameText(text, &text_);
    if (text_.empty()) {
      ++counts_.empty;
      return absl::OkStatus();
    }
    if (!options_.shuffle_seed) return Write(id, text_);
    CatTo(&text_, "\n", id);
    kept_.push_back(arena_.Copy(text_));
    if (!arena_.exhausted()) return absl::OkStatus();
    return Error(ErrorCode::kResourceExhausted,
                 Cat("no memory for ", kept_.size(), " documents to shuffle; give fewer files"));
  }

  absl::Status Write(std::string_view id, std::string_view text) {
    ++counts_.documents;
    counts_.words += 1 + static_cast<uint64_t>(std::count(text.begin(), text.end(), ' '));
    return out_.Put(id, text);
  }

  absl::Status WriteShuffled() {
    StableRandom random(*options_.shuffle_seed);
    for (size_t left = kept_.size(); left > 1; --left) {
      std::swap(kept_[left - 1], kept_[random.Below(left)]);
    }
    if (kept_.size() > options_.limit) kept_.resize(options_.limit);
    for (const std::string_view document : kept_) {
      const size_t end = document.find('\n');
      SEGUE_RETURN_IF_ERROR(Write(document.substr(end + 1), document.substr(0, end)));
    }
    return absl::OkStatus();
  }

  const GameCorpusOptions options_;
  GameLineWriter out_;
  GameCorpusCounts counts_;
  std::string text_;
  Arena arena_;
  std::vector<std::string_view> kept_;  // in arena_
};

std::string IdOf(const Record& record, uint64_t number) {
  for (const RecordField& field : record.fields) {
    if (field.name != "id" && field.name != "_id") continue;
    if (const auto* text = std::get_if<std::string>(&field.value)) return *text;
    if (const auto* integer = std::get_if<int64_t>(&field.value)) return Cat(*integer);
  }
  return Cat(number);
}

}  // namespace

absl::StatusOr<GameCorpusCounts> WriteGameCorpus(
    const std::vector<std::string>& inputs, const GameCorpusOptions& options, std::FILE* out,
    const std::function<void(const absl::Status&)>& on_bad_record) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<std::string> files, ExpandInputs(inputs));
  CorpusMaker maker(options, out);
  for (size_t file = 0; file < files.size(); ++file) {
    // One after the other, so that the file's number is known even if a file is given twice.
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<RecordReader> reader, OpenRecords({files[file]}, {}));
    const std::string prefix = files.size() > 1 ? Cat(file + 1, ":") : "";
    Record record;
    for (uint64_t number = 1; !maker.full();) {
      absl::StatusOr<bool> more = reader->Next(&record);
      if (!more.ok() && IsBadRecord(more.status())) {
        on_bad_record(more.status());
        ++maker.mutable_counts()->bad_records;
        continue;
      }
      if (!more.ok()) return more.status();
      if (!*more) break;
      SEGUE_RETURN_IF_ERROR(maker.AddArticle(record, Cat(prefix, IdOf(record, number++))));
    }
  }
  SEGUE_RETURN_IF_ERROR(maker.Finish());
  return maker.counts();
}

}  // namespace segue
