// A thin wrapper of SQLite: a connection, statements that clean up after themselves, transactions, a backup. Every
// failure becomes an Error that says what to do. A connection belongs to one thread at a time: open one per thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/error.h"
#include "core/store/unavailable.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace kino {

enum class OpenMode { existing, create };
/** How a commit is written: full survives a power cut; normal may lose the last commits then, but nothing else. */
enum class Durability { full, normal };

class Statement;

/** What to do about a damaged project.sqlite: names the newest backup beside it, where there is one. */
std::string damagedDatabaseSentence(const std::filesystem::path &file);

/**
 * While it lives, databases that this thread asks wait no longer for other programs than a moment (kWait), once `closing` fired: the program
 * is to end. One at a time for a thread, which makes it and ends it.
 */
class ShortWaits {
public:
    static constexpr std::chrono::milliseconds kWait{300};

    explicit ShortWaits(const CancelToken &closing);
    ~ShortWaits();
    ShortWaits(const ShortWaits &) = delete;
    ShortWaits &operator=(const ShortWaits &) = delete;

private:
    CancelToken m_closing;
};

class Database {
public:
    /**
     * WAL, foreign keys on, synchronous NORMAL. One that exists and cannot be written is opened for reading: isReadOnly(), and every change is
     * refused with a sentence. Throws Error.
     */
    Database(const std::filesystem::path &file, OpenMode mode,
             std::chrono::milliseconds busyTimeout = std::chrono::milliseconds(5000));
    ~Database();
    Database(Database &&) noexcept;
    Database &operator=(Database &&) noexcept;

    const std::filesystem::path &file() const { return m_file; }
    bool isReadOnly() const;

    Statement prepare(std::string_view sql) const;
    /** One or more statements without parameters. */
    void execute(const std::string &sql) const;
    std::int64_t lastInsertId() const;
    /** Rows that the last insert, update or delete changed. */
    std::int64_t changes() const;

    /** Another number than before, once any other connection has committed something. */
    std::int64_t dataVersion() const;
    std::int64_t userVersion() const;
    void setUserVersion(std::int64_t version) const;

    /**
     * Copies the whole database into `target`, which must not exist, by SQLite's backup; readers and writers go on. Not
     * inside a Transaction of this connection.
     */
    void backupTo(const std::filesystem::path &target) const;

    sqlite3 *handle() const { return m_handle; }
    [[noreturn]] void throwError(int code) const;

private:
    void openForWriting(OpenMode mode, std::chrono::milliseconds busyTimeout);
    void openForReading(std::chrono::milliseconds busyTimeout);
    void open(const std::string &name, int flags, std::chrono::milliseconds busyTimeout);
    void close();

    std::filesystem::path m_file;
    sqlite3 *m_handle = nullptr;
};

/** A prepared statement. Parameters are bound in order by bind(…), columns are counted from 0. */
class Statement {
public:
    Statement(const Database &database, std::string_view sql);
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;

    template <class... Values>
    Statement &bind(const Values &...values)
    {
        reset();
        int index = 0;
        (bindAt(++index, values), ...);
        return *this;
    }
    /** True while there is a row. */
    bool step();
    /** Runs a statement that gives no rows, then makes it ready for the next bind. */
    void run();
    void reset();

    bool isNull(int column) const;
    bool isInteger(int column) const;
    bool isReal(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::optional<std::int64_t> optionalInteger(int column) const;
    std::optional<double> optionalReal(int column) const;
    std::optional<std::string> optionalText(int column) const;

private:
    void bindAt(int index, std::int64_t value);
    void bindAt(int index, int value) { bindAt(index, static_cast<std::int64_t>(value)); }
    void bindAt(int index, std::size_t value) { bindAt(index, static_cast<std::int64_t>(value)); }
    void bindAt(int index, bool value) { bindAt(index, static_cast<std::int64_t>(value)); }
    void bindAt(int index, double value);
    void bindAt(int index, std::string_view value);
    void bindAt(int index, const std::string &value) { bindAt(index, std::string_view(value)); }
    void bindAt(int index, const char *value) { bindAt(index, std::string_view(value)); }
    void bindAt(int index, std::nullopt_t);
    template <class T>
    void bindAt(int index, const std::optional<T> &value)
    {
        if (value)
            bindAt(index, *value);
        else
            bindAt(index, std::nullopt);
    }
    void check(int code) const;

    const Database *m_database;
    sqlite3_stmt *m_statement = nullptr;
};

/** Takes the write lock at once; rolls back unless commit() was called. Not nested. */
class Transaction {
public:
    explicit Transaction(const Database &database, Durability durability = Durability::normal);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    void commit();

private:
    const Database &m_database;
    Durability m_durability;
    bool m_open = true;
};

} // namespace kino
