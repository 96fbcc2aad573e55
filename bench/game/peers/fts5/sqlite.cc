// SPDX-License-Identifier: Apache-2.0
#include "bench/game/peers/fts5/sqlite.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

absl::Status Failed(sqlite3* database, std::string_view doing) {
  return Error(ErrorCode::kIo, Cat("SQLite: ", doing, ": ", ::sqlite3_errmsg(database)));
}

}  // namespace

absl::StatusOr<bool> Statement::Step() {
  const int result = ::sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return Failed(::sqlite3_db_handle(statement_.get()), ::sqlite3_sql(statement_.get()));
}

absl::Status Statement::Run() {
  absl::StatusOr<bool> row = true;
  while (row.ok() && *row) row = Step();
  Reset();
  return row.status();
}

absl::StatusOr<Database> Database::Open(const std::string& path, bool create) {
  Database opened;
  sqlite3* database = nullptr;
  const int flags = create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int result = ::sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  opened.database_.reset(database);
  if (result != SQLITE_OK) return Failed(database, Cat("cannot open ", path));
  return opened;
}

absl::Status Database::Execute(const std::string& sql) {
  if (::sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Failed(database_.get(), sql);
  }
  return absl::OkStatus();
}

absl::StatusOr<Statement> Database::Prepare(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  if (::sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
    return Failed(database_.get(), sql);
  }
  Statement statement;
  statement.statement_.reset(prepared);
  return statement;
}

}  // namespace segue::game
