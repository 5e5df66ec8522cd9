#include "core/base/glob.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace kino;
namespace fs = std::filesystem;

class GlobTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void patternsMatchPartsOfPaths_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("matches");
        QTest::newRow("same") << QByteArray("a/b.csv") << QByteArray("a/b.csv") << true;
        QTest::newRow("star in a part") << QByteArray("a/*.csv") << QByteArray("a/b.csv") << true;
        QTest::newRow("star stays in its part") << QByteArray("*.csv") << QByteArray("a/b.csv") << false;
        QTest::newRow("two stars, none between") << QByteArray("a/**/b.csv") << QByteArray("a/b.csv") << true;
        QTest::newRow("two stars, many between") << QByteArray("a/**/b.csv") << QByteArray("a/x/y/z/b.csv") << true;
        QTest::newRow("two stars at the end") << QByteArray("a/**") << QByteArray("a/x/y") << true;
        QTest::newRow("question mark") << QByteArray("s?.csv") << QByteArray("s1.csv") << true;
        QTest::newRow("question mark needs one") << QByteArray("s?.csv") << QByteArray("s.csv") << false;
        QTest::newRow("stars one after the other") << QByteArray("a*b*c") << QByteArray("aXbXbXc") << true;
        QTest::newRow("no end") << QByteArray("a*b") << QByteArray("aXc") << false;
        QTest::newRow("slow for a simple matcher")
            << QByteArray("a*a*a*a*a*a*a*a*a*a*a*a*b") << QByteArray(200, 'a') << false;
    }
    void patternsMatchPartsOfPaths()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, path);
        QFETCH(bool, matches);
        QCOMPARE(matchesGlob(pattern.toStdString(), path.toStdString()), matches);
    }

    void filesAreFoundSorted()
    {
        const test::TemporaryFolder folder;
        for (const char *name : {"r/b.csv", "r/a.csv", "r/deep/c.csv", "r/d.txt"})
            folder.write(name, "x");
        const auto found = expandGlob(folder.path(), "r/**/*.csv");
        QCOMPARE(found, (std::vector<fs::path>{folder / "r/a.csv", folder / "r/b.csv", folder / "r/deep/c.csv"}));
        QCOMPARE(expandGlob(folder.path(), "r/d.txt"), (std::vector<fs::path>{folder / "r/d.txt"}));
        QCOMPARE(expandGlob("/", (folder / "r/*.txt").string()), (std::vector<fs::path>{folder / "r/d.txt"}));
        QVERIFY(expandGlob(folder.path(), "r/none").empty() && expandGlob(folder.path(), "none/*.csv").empty());
    }
};

QTEST_GUILESS_MAIN(GlobTest)
#include "glob_test.moc"
