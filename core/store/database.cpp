#include "core/store/database.h"

#include "core/store/unavailable.h"

#include <sqlite3.h>

namespace kino {
namespace {

std::string sentenceFor(const std::filesystem::path &file, int code, const char *message)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program is writing to this project; wait until it has finished and try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "the project cannot be written here; copy it to a folder in which you may write, or ask for the right to";
    case SQLITE_FULL:
        return "the disk is full; nothing of this change was kept. Free some space and try again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return damagedDatabaseSentence(file);
    case SQLITE_CANTOPEN:
        return "the project's database cannot be opened; check that the folder exists and that you may read and write it";
    case SQLITE_IOERR:
        return "the disk reported a fault while the project was read or written (" + std::string(message) +
               "); check the disk and try again";
    case SQLITE_NOMEM: return "there is not enough memory for this; close other programs and try again";
    case SQLITE_CONSTRAINT: return "the change contradicts what is in the project (" + std::string(message) + ")";
    case SQLITE_TOOBIG: return "a text or list is too long for the project's database; shorten it";
    default: return "the project's database refused the work (" + std::string(message) + ")";
    }
}

/** Tried again it fails again, whatever becomes of disk and other programs. */
bool isFaultOfTheChange(int code)
{
    const int kind = code & 0xff;
    return kind == SQLITE_CONSTRAINT || kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH || kind == SQLITE_RANGE || kind == SQLITE_ERROR || kind == SQLITE_MISUSE;
}

thread_local const CancelToken *closingOfThread = nullptr;

/** SQLite's busy handler: `most` is how many milliseconds may be waited in all; 0 gives up. */
int waitForOthers(void *most, int tries)
{
    constexpr int kFirst[] = {1, 2, 5, 10, 15, 20};
    constexpr int kThen = 25;
    const int known = static_cast<int>(std::size(kFirst));
    int waited = 0;
    for (int before = 0; before < std::min(tries, known); ++before)
        waited += kFirst[before];
    waited += kThen * std::max(0, tries - known);
    const bool isClosing = closingOfThread && closingOfThread->isCancelled();
    const auto allowed = static_cast<int>(reinterpret_cast<std::intptr_t>(most));
    if (waited >= (isClosing ? std::min(allowed, static_cast<int>(ShortWaits::kWait.count())) : allowed))
        return 0;
    sqlite3_sleep(tries < known ? kFirst[tries] : kThen);
    return 1;
}

const char *synchronousPragma(Durability durability)
{
    return durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
}

} // namespace

std::string damagedDatabaseSentence(const std::filesystem::path &file)
{
    std::string newest, newestStamp;
    std::error_code ignored;
    for (std::filesystem::directory_iterator at(file.parent_path(), ignored), end; at != end && !ignored; at.increment(ignored)) {
        const std::string name = at->path().filename().string();
        // project-backup-v<version>-<UTC time>.sqlite: the times sort as text.
        if (!name.starts_with("project-backup-") || !name.ends_with(".sqlite"))
            continue;
        const std::string stamp = name.substr(std::min(name.find('-', std::string_view("project-backup-").size()), name.size()));
        if (newest.empty() || stamp > newestStamp) {
            newest = name;
            newestStamp = stamp;
        }
    }
    if (!newest.empty())
        return "the project's database is damaged; put a copy of its backup " + newest + " in its place, as "
            + file.filename().string();
    return "the project's database is damaged, and there is no backup beside it; restore the folder from a copy of your own, "
           "or make a new project and import the recordings again (their files are untouched)";
}

ShortWaits::ShortWaits(const CancelToken &closing) : m_closing(closing) { closingOfThread = &m_closing; }
ShortWaits::~ShortWaits() { closingOfThread = nullptr; }

Database::Database(const std::filesystem::path &file, OpenMode mode, std::chrono::milliseconds busyTimeout) : m_file(file)
{
    try {
        openForWriting(mode, busyTimeout);
        return;
    } catch (const Error &) {
        const int kind = m_handle ? sqlite3_errcode(m_handle) & 0xff : SQLITE_NOMEM;
        const bool isRefused = isReadOnly() || kind == SQLITE_READONLY || kind == SQLITE_CANTOPEN || kind == SQLITE_PERM;
        close();
        std::error_code code;
        if (mode == OpenMode::create || !isRefused || !std::filesystem::exists(file, code))
            throw;
    }
    try {
        openForReading(busyTimeout);
    } catch (...) {
        close();
        throw;
    }
}

void Database::open(const std::string &name, int flags, std::chrono::milliseconds busyTimeout)
{
    if (const int code = sqlite3_open_v2(name.c_str(), &m_handle, flags | SQLITE_OPEN_NOMUTEX, nullptr); code != SQLITE_OK)
        throwError(code);
    sqlite3_extended_result_codes(m_handle, 1);
    sqlite3_busy_handler(m_handle, &waitForOthers, reinterpret_cast<void *>(static_cast<std::intptr_t>(busyTimeout.count())));
    // What a hostile file's schema could do is not needed here.
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

void Database::openForWriting(OpenMode mode, std::chrono::milliseconds busyTimeout)
{
    open(m_file.string(), SQLITE_OPEN_READWRITE | (mode == OpenMode::create ? SQLITE_OPEN_CREATE : 0), busyTimeout);
    if (isReadOnly())
        throwError(SQLITE_READONLY);
    Statement journal(*this, "PRAGMA journal_mode = WAL");
    journal.step();
    execute("PRAGMA foreign_keys = ON");
    execute(synchronousPragma(Durability::normal));
}

/** Beside a writer, through its files; where nobody writes and none could be made here, the file as it lies. */
void Database::openForReading(std::chrono::milliseconds busyTimeout)
{
    try {
        open(m_file.string(), SQLITE_OPEN_READONLY, busyTimeout);
        Statement(*this, "SELECT 1 FROM sqlite_schema").step();
        return;
    } catch (const BusyError &) {
        throw;
    } catch (const Error &) {
        const int kind = m_handle ? sqlite3_errcode(m_handle) & 0xff : SQLITE_NOMEM;
        if (kind != SQLITE_READONLY && kind != SQLITE_CANTOPEN)
            throw;
    }
    close();
    std::error_code code;
    std::filesystem::path log = m_file;
    log += "-wal";
    if (const auto bytes = std::filesystem::file_size(log, code); !code && bytes > 0)
        throw Unavailable(m_file, "holds changes that only who may write here can read yet; open the project once with the right to write, or copy its folder");
    std::string address = "file:";
    constexpr char kDigits[] = "0123456789abcdef";
    for (const char each : std::filesystem::absolute(m_file).string()) {
        const auto byte = static_cast<unsigned char>(each);
        if (each == '?' || each == '#' || each == '%')
            address += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        else
            address += each;
    }
    open(address + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, busyTimeout);
    Statement(*this, "SELECT 1 FROM sqlite_schema").step();
}

bool Database::isReadOnly() const { return m_handle && sqlite3_db_readonly(m_handle, "main") == 1; }

void Database::close()
{
    sqlite3_close_v2(m_handle);
    m_handle = nullptr;
}

Database::~Database() { sqlite3_close_v2(m_handle); }

Database::Database(Database &&other) noexcept : m_file(std::move(other.m_file)), m_handle(std::exchange(other.m_handle, nullptr)) {}

Database &Database::operator=(Database &&other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_handle, other.m_handle);
    return *this;
}

Statement Database::prepare(std::string_view sql) const { return Statement(*this, sql); }

void Database::execute(const std::string &sql) const
{
    if (const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        throwError(code);
}

std::int64_t Database::lastInsertId() const { return sqlite3_last_insert_rowid(m_handle); }
std::int64_t Database::changes() const { return sqlite3_changes64(m_handle); }

std::int64_t Database::dataVersion() const
{
    Statement statement(*this, "PRAGMA data_version");
    statement.step();
    return statement.integer(0);
}

std::int64_t Database::userVersion() const
{
    Statement statement(*this, "PRAGMA user_version");
    statement.step();
    return statement.integer(0);
}

void Database::setUserVersion(std::int64_t version) const { execute("PRAGMA user_version = " + std::to_string(version)); }

void Database::backupTo(const std::filesystem::path &target) const
{
    if (std::filesystem::exists(target))
        throw Error(target, "is already there; a backup never overwrites anything");
    sqlite3 *copy = nullptr;
    int code = sqlite3_open_v2(target.c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3 *)> closer(copy, sqlite3_close_v2);
    if (code == SQLITE_OK) {
        if (sqlite3_backup *backup = sqlite3_backup_init(copy, "main", m_handle, "main")) {
            constexpr int kPauseMs = 20;
            constexpr int kMostTries = 250; // five seconds
            for (int tries = 0; tries < kMostTries; ++tries) {
                code = sqlite3_backup_step(backup, -1);
                if (code != SQLITE_BUSY && code != SQLITE_LOCKED)
                    break;
                sqlite3_sleep(kPauseMs);
            }
            sqlite3_backup_finish(backup);
        } else {
            code = sqlite3_errcode(copy);
        }
    }
    if (code != SQLITE_DONE) {
        const std::string sentence = sentenceFor(target, code, copy ? sqlite3_errmsg(copy) : sqlite3_errstr(code));
        std::error_code ignored;
        std::filesystem::remove(target, ignored);
        throw Error(target, "no backup could be made, so nothing was changed: " + sentence);
    }
}

void Database::throwError(int code) const
{
    if (const int kind = code & 0xff; kind == SQLITE_BUSY || kind == SQLITE_LOCKED)
        throw BusyError(m_file, sentenceFor(m_file, code, ""));
    const std::string sentence = sentenceFor(m_file, code, m_handle ? sqlite3_errmsg(m_handle) : sqlite3_errstr(code));
    if (isFaultOfTheChange(code))
        throw Error(m_file, sentence);
    throw Unavailable(m_file, sentence);
}

Statement::Statement(const Database &database, std::string_view sql) : m_database(&database)
{
    check(sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr));
}

Statement::~Statement() { sqlite3_finalize(m_statement); }

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_statement(std::exchange(other.m_statement, nullptr))
{
}

void Statement::check(int code) const
{
    if (code != SQLITE_OK)
        m_database->throwError(code);
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        m_database->throwError(code);
    return false;
}

void Statement::run()
{
    step();
    reset();
}

// The code that reset gives is that of the last step, which was thrown there.
void Statement::reset() { sqlite3_reset(m_statement); }

bool Statement::isNull(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
bool Statement::isInteger(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_INTEGER; }
bool Statement::isReal(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_FLOAT; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_statement, column); }
double Statement::real(int column) const { return sqlite3_column_double(m_statement, column); }

std::string Statement::text(int column) const
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))) : std::string();
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<double> Statement::optionalReal(int column) const { return isNull(column) ? std::nullopt : std::optional(real(column)); }

std::optional<std::string> Statement::optionalText(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(text(column));
}

void Statement::bindAt(int index, std::int64_t value) { check(sqlite3_bind_int64(m_statement, index, value)); }
void Statement::bindAt(int index, double value) { check(sqlite3_bind_double(m_statement, index, value)); }
void Statement::bindAt(int index, std::nullopt_t) { check(sqlite3_bind_null(m_statement, index)); }

void Statement::bindAt(int index, std::string_view value)
{
    // An empty view may hold a null pointer, which SQLite would take for NULL.
    const char *data = value.data() ? value.data() : "";
    check(sqlite3_bind_text64(m_statement, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Transaction::Transaction(const Database &database, Durability durability) : m_database(database), m_durability(durability)
{
    if (durability != Durability::normal)
        database.execute(synchronousPragma(durability));
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction()
{
    if (m_open)
        sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    if (m_durability != Durability::normal)
        sqlite3_exec(m_database.handle(), synchronousPragma(Durability::normal), nullptr, nullptr, nullptr);
}

void Transaction::commit()
{
    m_database.execute("COMMIT");
    m_open = false;
}

} // namespace kino
