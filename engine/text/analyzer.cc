// SPDX-License-Identifier: Apache-2.0
//
// A stream pulls batches from its tokenizer through the filters. Char filters work on the whole
// value first; each keeps its own map of offsets, and tokens walk the maps back from the last to
// the first.
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/text/analyzer_impl.h"
#include "engine/text/case_filters.h"
#include "segue/analysis.h"

namespace segue {
namespace {

// Of a stream that was started.
std::vector<AnalyzedToken> TokensOf(AnalysisStream* stream) {
  std::vector<AnalyzedToken> out;
  uint32_t next_position = 0;  // one more than that of the token before
  while (const TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      const Token& token = (*batch)[i];
      next_position += token.position_increment;
      out.push_back({std::string(batch->term(i)), next_position == 0 ? 0 : next_position - 1,
                     token.position_length, token.start_byte, token.end_byte, token.type});
    }
  }
  return out;
}

}  // namespace

struct AnalysisStream::Impl {
  struct CharStage {
    std::unique_ptr<CharFilter> filter;
    std::string text;
    OffsetMap map;
  };

  std::vector<CharStage> char_stages;
  std::unique_ptr<Tokenizer> tokenizer;
  std::vector<std::unique_ptr<TokenFilter>> filters;
  TokenBatch batch;
  bool more = false;  // the tokenizer has text left
  bool done = true;

  void Step();
  void RestoreOffsets();
};

AnalysisStream::AnalysisStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AnalysisStream::~AnalysisStream() = default;

absl::Status AnalysisStream::Start(std::string_view value) {
  Impl& impl = *impl_;
  impl.done = true;
  std::string_view text = value;
  if (text.size() > Analyzer::kMaxValueBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("a value of ", text.size(), " bytes is too long to analyse; the limit is ",
                     Analyzer::kMaxValueBytes));
  }
  for (Impl::CharStage& stage : impl.char_stages) {
    stage.text.clear();
    stage.map.Clear();
    stage.filter->Filter(text, &stage.text, &stage.map);
    text = stage.text;
    if (text.size() > Analyzer::kMaxValueBytes) {
      return Error(ErrorCode::kResourceExhausted,
                   Cat("a char filter made a value of ", value.size(), " bytes longer than ",
                       Analyzer::kMaxValueBytes));
    }
  }
  impl.tokenizer->Start(text);
  for (const std::unique_ptr<TokenFilter>& filter : impl.filters) filter->Start();
  impl.more = true;
  impl.done = false;
  return absl::OkStatus();
}

TokenBatch* AnalysisStream::Next() {
  Impl& impl = *impl_;
  while (!impl.done) {
    impl.Step();
    if (!impl.char_stages.empty()) impl.RestoreOffsets();
    if (!impl.batch.empty() || impl.batch.trailing_increment() != 0) return &impl.batch;
  }
  return nullptr;
}

// New text is cut only when no filter has tokens left; else the last of those filters goes on, so
// that what lies between two filters is never more than one batch.
void AnalysisStream::Impl::Step() {
  batch.Clear();
  size_t next = filters.size();
  while (next > 0 && !filters[next - 1]->HasMore()) --next;
  if (next > 0) {
    --next;
  } else {
    more = tokenizer->Next(&batch);
  }
  bool all_given = !more;
  for (size_t i = 0; i < next; ++i) all_given &= !filters[i]->HasMore();
  for (; next < filters.size(); ++next) {
    filters[next]->Filter(&batch, all_given);
    all_given &= !filters[next]->HasMore();
  }
  done = all_given;
}

void AnalysisStream::Impl::RestoreOffsets() {
  Token* const tokens = batch.tokens();
  const size_t count = batch.size();
  for (size_t stage = char_stages.size(); stage-- > 0;) {
    const OffsetMap& map = char_stages[stage].map;
    if (map.identity()) continue;
    for (size_t i = 0; i < count; ++i) {
      const bool empty = tokens[i].start_byte == tokens[i].end_byte;
      tokens[i].start_byte = map.StartBefore(tokens[i].start_byte);
      tokens[i].end_byte = empty ? tokens[i].start_byte : map.EndBefore(tokens[i].end_byte);
    }
  }
}

Analyzer::Analyzer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Analyzer::~Analyzer() = default;

std::unique_ptr<AnalysisStream> Analyzer::NewStream() const {
  auto impl = std::make_unique<AnalysisStream::Impl>();
  for (const PartSource<CharFilter>& source : impl_->char_filters) {
    impl->char_stages.push_back({source(), {}, {}});
  }
  impl->tokenizer = impl_->tokenizer();
  for (const PartSource<TokenFilter>& source : impl_->filters) impl->filters.push_back(source());
  return std::unique_ptr<AnalysisStream>(new AnalysisStream(std::move(impl)));
}

absl::StatusOr<std::vector<AnalyzedToken>> Analyzer::Analyze(std::string_view value) const {
  const std::unique_ptr<AnalysisStream> stream = NewStream();
  SEGUE_RETURN_IF_ERROR(stream->Start(value));
  return TokensOf(stream.get());
}

absl::StatusOr<std::vector<AnalysisStage>> Analyzer::AnalyzeStages(std::string_view value) const {
  std::vector<AnalysisStage> stages;
  for (const std::string& part : impl_->parts)
    stages.push_back({.part = part, .text = {}, .tokens = {}});
  size_t stage = 0;
  const size_t filters = impl_->filters.size();
  for (size_t used = 0; used <= filters; ++used) {
    const std::unique_ptr<AnalysisStream> stream = NewStream();
    stream->impl_->filters.resize(used);
    SEGUE_RETURN_IF_ERROR(stream->Start(value));
    if (used == 0) {
      for (const auto& made : stream->impl_->char_stages) {
        stages[stage].is_char_filter = true;
        stages[stage++].text = made.text;
      }
    }
    stages[stage++].tokens = TokensOf(stream.get());
  }
  return stages;
}

std::string Analyzer::Normalize(std::string_view part) const {
  if (part.empty() || part.size() > kMaxValueBytes) return std::string(part);
  TokenBatch batch;
  batch.Append(part, 0, static_cast<uint32_t>(part.size()));
  if (impl_->tokenizer()->LowersCase()) {
    LowercaseFilter(ActiveAsciiWordKernels()).Filter(&batch, /*end_of_value=*/true);
  }
  for (const PartSource<TokenFilter>& source : impl_->filters) {
    const std::unique_ptr<TokenFilter> filter = source();
    if (!filter->MapsCharacters()) continue;
    filter->Start();
    filter->Filter(&batch, /*end_of_value=*/true);
  }
  return batch.empty() ? std::string(part) : std::string(batch.term(0));
}

const std::string& Analyzer::Definition() const { return impl_->definition; }
uint64_t Analyzer::Fingerprint() const { return impl_->fingerprint; }

}  // namespace segue
