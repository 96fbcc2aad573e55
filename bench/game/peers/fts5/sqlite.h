// SPDX-License-Identifier: Apache-2.0
//
// As much of SQLite as the driver needs, with absl::Status for errors.
#ifndef SEGUE_BENCH_GAME_PEERS_FTS5_SQLITE_H_
#define SEGUE_BENCH_GAME_PEERS_FTS5_SQLITE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace segue::game {

// A prepared statement. Texts that are bound must live until Reset.
class Statement {
 public:
  Statement() = default;

  void Bind(int parameter, int64_t value) {
    ::sqlite3_bind_int64(statement_.get(), parameter, value);
  }
  void Bind(int parameter, std::string_view text) {
    ::sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_STATIC,
                          SQLITE_UTF8);
  }
  // True if there is a row.
  absl::StatusOr<bool> Step();
  // Steps to the end and resets.
  absl::Status Run();
  void Reset() { ::sqlite3_reset(statement_.get()); }

  int64_t Integer(int column) { return ::sqlite3_column_int64(statement_.get(), column); }
  double Real(int column) { return ::sqlite3_column_double(statement_.get(), column); }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  static absl::StatusOr<Database> Open(const std::string& path, bool create);

  // Runs statements without results.
  absl::Status Execute(const std::string& sql);
  absl::StatusOr<Statement> Prepare(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const { ::sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PEERS_FTS5_SQLITE_H_
