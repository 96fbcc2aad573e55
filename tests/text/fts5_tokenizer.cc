// SPDX-License-Identifier: Apache-2.0
//
// A tokenizer is had from the interface of FTS5, whose address an SQL function gives.
#include "tests/text/fts5_tokenizer.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace segue {

struct Fts5Tokenizer::Handles {
  ~Handles() {
    if (tokenizer != nullptr) calls.xDelete(tokenizer);
    sqlite3_close(database);
  }

  sqlite3* database = nullptr;
  fts5_tokenizer calls{};
  ::Fts5Tokenizer* tokenizer = nullptr;
};

Fts5Tokenizer::Fts5Tokenizer(const std::vector<const char*>& arguments)
    : handles_(std::make_unique<Handles>()) {
  EXPECT_EQ(sqlite3_open(":memory:", &handles_->database), SQLITE_OK);
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(handles_->database, "SELECT fts5(?1)", -1, &statement, nullptr),
            SQLITE_OK)
      << "this SQLite has no FTS5";
  sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (api == nullptr) return;
  void* context = nullptr;
  EXPECT_EQ(api->xFindTokenizer(api, "unicode61", &context, &handles_->calls), SQLITE_OK);
  std::vector<const char*> copy = arguments;
  EXPECT_EQ(handles_->calls.xCreate(context, copy.data(), static_cast<int>(copy.size()),
                                    &handles_->tokenizer),
            SQLITE_OK);
}

Fts5Tokenizer::~Fts5Tokenizer() = default;

std::vector<Fts5Token> Fts5Tokenizer::Tokens(std::string_view text) const {
  std::vector<Fts5Token> tokens;
  if (handles_->tokenizer == nullptr) return tokens;
  const auto take = [](void* out, int, const char* term, int bytes, int begin, int end) {
    static_cast<std::vector<Fts5Token>*>(out)->push_back(
        {.term = std::string(term, static_cast<size_t>(bytes)),
         .start_byte = static_cast<size_t>(begin),
         .end_byte = static_cast<size_t>(end)});
    return SQLITE_OK;
  };
  EXPECT_EQ(handles_->calls.xTokenize(handles_->tokenizer, &tokens, FTS5_TOKENIZE_DOCUMENT,
                                      text.data(), static_cast<int>(text.size()), take),
            SQLITE_OK);
  return tokens;
}

}  // namespace segue
