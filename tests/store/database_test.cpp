#include "core/base/error.h"
#include "core/store/database.h"
#include "core/store/migrations.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <future>
#include <thread>

using namespace kino;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr Migration kFirst[] = {{1, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7)"}};
constexpr Migration kSecond[] = {kFirst[0], {2, "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'new'"}};
constexpr Migration kBroken[] = {kFirst[0], {2, "DELETE FROM a; CREATE TABLE a (twice INTEGER)"}};

std::int64_t valueOf(const Database &database, const char *sql)
{
    Statement statement(database, sql);
    return statement.step() ? statement.integer(0) : -1;
}

std::vector<fs::path> backupsIn(const fs::path &folder)
{
    std::vector<fs::path> found;
    for (const auto &entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("project-backup-"))
            found.push_back(entry.path());
    }
    return found;
}

bool says(const std::string &sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

std::string sentenceOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return error.sentence();
    }
    return {};
}

} // namespace

class DatabaseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /** Who closes the window while another program writes does not wait for that program. */
    void aClosingProgramWaitsShortly()
    {
        const test::TemporaryFolder folder;
        const Database other(folder / "d.sqlite", OpenMode::create);
        other.execute("CREATE TABLE a (x INTEGER)");
        const Transaction held(other);
        const CancelToken closing;
        const auto secondsUntilRefused = [&](const Database &database) {
            const auto start = std::chrono::steady_clock::now();
            try {
                const Transaction transaction(database);
            } catch (const Unavailable &) {
                return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            }
            return -1.0;
        };
        const Database database(folder / "d.sqlite", OpenMode::existing, 1500ms);
        {
            const ShortWaits waits(closing);
            const double patient = secondsUntilRefused(database);
            QVERIFY2(patient >= 1.4, QByteArray::number(patient).constData());
            auto later = std::async(std::launch::async, [&] {
                std::this_thread::sleep_for(50ms);
                closing.cancel();
            });
            const double closed = secondsUntilRefused(database);
            QVERIFY2(closed >= 0.05 && closed < 1.2, QByteArray::number(closed).constData());
            later.get();
            const double again = secondsUntilRefused(database);
            QVERIFY2(again >= 0.05 && again < 1.2, QByteArray::number(again).constData());
        }
        QVERIFY(secondsUntilRefused(database) >= 1.4);
    }

    void connectionIsSetUpAsDesigned()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        Statement journal(database, "PRAGMA journal_mode");
        QVERIFY(journal.step());
        QCOMPARE(journal.text(0), std::string("wal"));
        QCOMPARE(valueOf(database, "PRAGMA foreign_keys"), 1);
        QCOMPARE(valueOf(database, "PRAGMA synchronous"), 1); // NORMAL
        {
            const Transaction transaction(database, Durability::full);
            QCOMPARE(valueOf(database, "PRAGMA synchronous"), 2); // FULL
        }
        QCOMPARE(valueOf(database, "PRAGMA synchronous"), 1);
    }

    void valuesComeBackAsTheyWereBound()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        database.execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, n TEXT, e TEXT)");
        const std::string odd("a'\0b\xc3\xa9", 6);
        Statement(database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)")
            .bind(std::int64_t{-9'007'199'254'740'993}, 0.1, odd, std::nullopt, std::string())
            .run();
        Statement read(database, "SELECT i, r, s, n, e FROM t");
        QVERIFY(read.step());
        QCOMPARE(read.integer(0), -9'007'199'254'740'993); // beyond what a double holds
        QCOMPARE(read.real(1), 0.1);
        QCOMPARE(read.text(2), odd);
        QVERIFY(read.isNull(3));
        QVERIFY(!read.isNull(4));
        QVERIFY(!read.step());
    }

    void transactionWithoutCommitLeavesNothing()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        database.execute("CREATE TABLE t (i INTEGER)");
        try {
            const Transaction transaction(database);
            database.execute("INSERT INTO t VALUES (1)");
            throw Cancelled();
        } catch (const Cancelled &) {
        }
        QCOMPARE(valueOf(database, "SELECT count(*) FROM t"), 0);
    }

    void secondWriterWaitsForTheFirst()
    {
        const test::TemporaryFolder folder;
        const fs::path file = folder / "d.sqlite";
        const Database first(file, OpenMode::create);
        first.execute("CREATE TABLE t (i INTEGER)");
        std::promise<void> isLocked;
        std::promise<void> mayCommit;
        auto writer = std::async(std::launch::async, [&] {
            const Database own(file, OpenMode::existing);
            Transaction transaction(own);
            own.execute("INSERT INTO t VALUES (1)");
            isLocked.set_value();
            mayCommit.get_future().wait();
            transaction.commit();
        });
        isLocked.get_future().wait();
        QCOMPARE(valueOf(first, "SELECT count(*) FROM t"), 0); // readers never wait
        auto waiting = std::async(std::launch::async, [&] {
            const Database own(file, OpenMode::existing);
            Transaction transaction(own);
            own.execute("INSERT INTO t VALUES (2)");
            transaction.commit();
        });
        mayCommit.set_value();
        writer.get();
        waiting.get();
        QCOMPARE(valueOf(first, "SELECT count(*) FROM t"), 2);
    }

    void lockedDatabaseGivesASentence()
    {
        const test::TemporaryFolder folder;
        const Database first(folder / "d.sqlite", OpenMode::create);
        const Transaction transaction(first);
        const Database second(folder / "d.sqlite", OpenMode::existing, 10ms);
        QVERIFY(says(sentenceOf([&] { const Transaction other(second); }), "another program is writing"));
    }

    void fullDiskGivesASentenceAndKeepsWhatWasThere()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        database.execute("CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('kept')");
        // SQLite's own limit gives the very code of a full disk.
        database.execute("PRAGMA max_page_count = 3");
        const std::string sentence = sentenceOf([&] {
            Transaction transaction(database);
            Statement(database, "INSERT INTO t VALUES (?)").bind(std::string(1 << 20, 'x')).run();
            transaction.commit();
        });
        QVERIFY2(says(sentence, "disk is full"), sentence.c_str());
        QCOMPARE(valueOf(database, "SELECT count(*) FROM t"), 1);
    }

    void readOnlyDatabaseGivesASentence()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        database.execute("CREATE TABLE t (i INTEGER)");
        database.execute("PRAGMA query_only = ON"); // gives SQLITE_READONLY, as a read-only folder does
        QVERIFY(says(sentenceOf([&] { database.execute("INSERT INTO t VALUES (1)"); }), "cannot be written here"));
    }

    void damagedDatabaseGivesASentence_data()
    {
        QTest::addColumn<bool>("isGarbage");
        QTest::newRow("garbage") << true;
        QTest::newRow("pages overwritten") << false;
    }
    void damagedDatabaseGivesASentence()
    {
        QFETCH(bool, isGarbage);
        const test::TemporaryFolder folder;
        const fs::path file = folder / "d.sqlite";
        if (isGarbage) {
            folder.write("d.sqlite", std::string(8192, 'x'));
        } else {
            {
                const Database database(file, OpenMode::create);
                database.execute("CREATE TABLE t (s TEXT)");
                for (int row = 0; row < 50; ++row)
                    Statement(database, "INSERT INTO t VALUES (?)").bind(std::string(1000, 'y')).run();
            }
            std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
            stream.seekp(4096);
            stream << std::string(40000, '\xff');
        }
        const std::string sentence = sentenceOf([&] {
            const Database database(file, OpenMode::existing);
            valueOf(database, "SELECT sum(length(s)) FROM t");
        });
        QVERIFY2(says(sentence, "damaged") && says(sentence, "backup"), sentence.c_str());
    }

    void migrationKeepsABackupOfTheOldState()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        QVERIFY(!migrate(database, kFirst)); // nothing to lose yet
        QCOMPARE(database.userVersion(), 1);
        QVERIFY(!migrate(database, kFirst));
        const auto backup = migrate(database, kSecond);
        QVERIFY(backup);
        QCOMPARE(database.userVersion(), 2);
        QCOMPARE(valueOf(database, "SELECT x FROM a WHERE y = 'new'"), 7);
        const Database old(*backup, OpenMode::existing);
        QCOMPARE(old.userVersion(), 1);
        QCOMPARE(valueOf(old, "SELECT x FROM a"), 7);
    }

    void failedMigrationChangesNothing()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        migrate(database, kFirst);
        QVERIFY_THROWS_EXCEPTION(Error, migrate(database, kBroken));
        QCOMPARE(database.userVersion(), 1);
        QCOMPARE(valueOf(database, "SELECT x FROM a"), 7);
        QCOMPARE(backupsIn(folder.path()).size(), std::size_t{1});
    }

    void newerSchemaIsLeftAlone()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        migrate(database, kSecond);
        QVERIFY(says(sentenceOf([&] { migrate(database, kFirst); }), "newer Kinoscope"));
        QCOMPARE(database.userVersion(), 2);
    }

    void databaseOfAnotherProgramIsLeftAlone()
    {
        const test::TemporaryFolder folder;
        const Database database(folder / "d.sqlite", OpenMode::create);
        database.execute("CREATE TABLE mail (x)");
        QVERIFY(says(sentenceOf([&] { migrate(database, kFirst); }), "another program"));
    }

    void projectMigrationsAreNumberedWithoutHoles()
    {
        std::int64_t expected = 0;
        for (const Migration &migration : projectMigrations())
            QCOMPARE(migration.version, ++expected);
        QVERIFY(expected > 0);
    }
};

QTEST_GUILESS_MAIN(DatabaseTest)
#include "database_test.moc"
