#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/shots.h"
#include "core/data/dataset/window_table.h"
#include "tests/support/table_fixture.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <map>
#include <set>

using namespace kino;
using namespace kino::test;

namespace {

constexpr Nanos kS = kNanosPerSecond;

/** Windows of 2 s at 50 Hz of one device, each {start in samples, label, bout}; label -2: dropped. */
struct Cut {
    std::int64_t first = 0;
    int label = -1, bout = -1;
};
RecordingWindows cutOf(const std::string &name, const std::string &subject, std::vector<std::string> labels, const std::vector<Cut> &cuts,
                       std::size_t bouts)
{
    RecordingWindows made;
    made.recording = name;
    made.subject = subject;
    made.lengthNs = 2 * kS;
    made.samplesPerWindow = 100;
    made.sources = {{{"phone"}, {0, 50, 10'000}}};
    made.labels = std::move(labels);
    made.bouts.resize(bouts);
    for (const Cut &cut : cuts) {
        Window window;
        window.start = {cut.first * 20'000'000};
        window.firstSample = cut.first;
        window.label = cut.label;
        window.bout = cut.bout;
        window.fate = cut.label == -2 ? WindowFate::noLabel : WindowFate::kept;
        made.windows.push_back(window);
    }
    return made;
}

/** Labels whose places differ from recording to recording, a name that needs quotes, one that says nothing. */
std::vector<RecordingWindows> someCuts()
{
    return {cutOf("a, \"b\"\nc.csv", "s2", {"run", "walk"}, {{0, 1, 0}, {50, 1, 0}, {100, -2, -1}, {150, 0, 1}}, 2),
            cutOf("d.csv", "s1", {"sit", "walk"}, {{0, 0, 1}, {100, 1, 0}}, 2), cutOf("e.csv", "s3", {}, {{0, -1, -1}}, 0)};
}

SplitRule testing(std::vector<std::string> subjects)
{
    SplitRule rule;
    rule.by = SplitBy::subject;
    rule.test = std::move(subjects);
    return rule;
}

/** One span over all of each source. */
std::vector<ChannelCoverage> coveragesOf(const std::vector<RecordingWindows> &cuts)
{
    std::vector<ChannelCoverage> coverages;
    for (const RecordingWindows &cut : cuts) {
        ChannelCoverage &coverage = coverages.emplace_back();
        for (const WindowSource &source : cut.sources) {
            const CoveredSpan all{source.grid.startNs, source.grid.timeNs(source.grid.samples - 1)};
            coverage.sources.push_back({source.devices, {{0, 0, {all}, all.fromNs, all.toNs}}, all.fromNs, all.toNs});
        }
    }
    return coverages;
}

QString messageOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

} // namespace

class WindowTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keptWindowsOfAllRecordingsAreRows()
    {
        const WindowTable table = makeWindowTable(someCuts(), testing({"s1"}), 7);
        QCOMPARE(table.classes, (std::vector<std::string>{"run", "sit", "walk"}));
        QCOMPARE(table.rows.size(), std::size_t{6});
        std::vector<std::string> labels;
        std::vector<int> bouts;
        for (const WindowRow &row : table.rows) {
            labels.emplace_back(table.labelOf(row));
            bouts.push_back(row.bout);
        }
        QCOMPARE(labels, (std::vector<std::string>{"walk", "walk", "run", "sit", "walk", ""}));
        QCOMPARE(bouts, (std::vector<int>{0, 0, 1, 3, 2, -1})); // the first recording has two
        QCOMPARE(table.rowsOf(SplitPart::test), (std::vector<std::uint32_t>{3, 4}));
        QCOMPARE(table.rowsOf(SplitPart::train), (std::vector<std::uint32_t>{0, 1, 2, 5}));
        QCOMPARE(table.rows[2].firstSample, std::int64_t{150});
        QCOMPARE(table.rows[2].start.ns, 3 * kS);
        QCOMPARE(table.lengthNs, 2 * kS);
    }

    void tableIsWrittenAndReadBack()
    {
        const TemporaryFolder folder;
        const WindowTable table = makeWindowTable(someCuts(), testing({"s1"}), 7);
        writeWindowTable(folder / "windows.csv", table);
        const std::string text = readTextFile(folder / "windows.csv");
        // By hand, as RFC 4180 says.
        QVERIFY(text.starts_with("recording,start_ns,label,subject,split,device,bout\n"
                                 "\"a, \"\"b\"\"\nc.csv\",0,walk,s2,train,phone,0\n"));
        QVERIFY(text.ends_with("e.csv,0,,s3,train,phone,\n"));
        const std::vector<WindowLine> lines = readWindowTable(folder / "windows.csv");
        QVERIFY(lines == linesOf(table));
        // "Re-run exactly": what comes of the lines is the table, whatever the rule would split today.
        QVERIFY(tableFromLines(someCuts(), coveragesOf(someCuts()), lines) == table);
    }

    void aTableOfOthersIsReadToo()
    {
        const TemporaryFolder folder;
        folder.write("t.csv", "\xef\xbb\xbfsplit,start_ns,note,recording,label\r\ntest,1000000000,x,d.csv,jump\r\n\r\ntrain,0,,e.csv,\r\n");
        const auto cuts = someCuts();
        const WindowTable table = tableFromLines(cuts, coveragesOf(cuts), readWindowTable(folder / "t.csv"));
        QCOMPARE(table.rows.size(), std::size_t{2});
        QCOMPARE(table.rows[0].recording, std::uint32_t{1});
        QCOMPARE(table.rows[0].firstSample, std::int64_t{50});
        QCOMPARE(table.classes, std::vector<std::string>{"jump"});
        QVERIFY(table.rows[0].part == SplitPart::test && table.rows[1].label == -1);
    }

    void mistakesOfATableNameTheirLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << "" << "is empty";
        QTest::newRow("no column") << "recording,label\nx,y\n" << "start_ns";
        QTest::newRow("time") << "recording,start_ns,split\nd.csv,0,test\nd.csv,1.5,test\n" << "3";
        QTest::newRow("part") << "recording,start_ns,split\nd.csv,0,tset\n" << "tset";
        QTest::newRow("huge time") << "recording,start_ns,split\nd.csv,99999999999999999999,test\n" << "whole number";
        QTest::newRow("no recording") << "recording,start_ns,split\n,0,test\n" << "names no recording";
        QTest::newRow("bout") << "recording,start_ns,split,bout\nd.csv,0,test,-4\n" << "bout";
    }
    void mistakesOfATableNameTheirLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, said);
        const TemporaryFolder folder;
        const auto path = folder.write("t.csv", text.toStdString());
        const QString message = messageOf([&] { readWindowTable(path); });
        QVERIFY2(message.contains(said) && message.contains("t.csv"), qPrintable(message));
    }

    void windowsThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QString>("recording");
        QTest::addColumn<qlonglong>("start");
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("said");
        QTest::newRow("recording") << "x.csv" << 0LL << "" << "do not hold it";
        QTest::newRow("device") << "d.csv" << 0LL << "watch" << "watch";
        QTest::newRow("before") << "d.csv" << -40'000'000LL << "" << "outside";
        QTest::newRow("after") << "d.csv" << 198'020'000'000LL << "" << "outside"; // 9901 + 100 of 10000 samples
        QTest::newRow("absurd") << "d.csv" << std::numeric_limits<qlonglong>::min() << "" << "outside";
    }
    void windowsThatCannotBeAreRefused()
    {
        QFETCH(QString, recording);
        QFETCH(qlonglong, start);
        QFETCH(QString, device);
        QFETCH(QString, said);
        const auto cuts = someCuts();
        const WindowLine line{recording.toStdString(), start, "walk", "", SplitPart::train, device.toStdString(), -1};
        const QString message = messageOf([&] { tableFromLines(cuts, coveragesOf(cuts), std::vector{line}); });
        QVERIFY2(message.contains(said) && message.contains(recording), qPrintable(message));
    }

    void gapsAndRepeatsAreRefused()
    {
        auto cuts = someCuts();
        auto coverages = coveragesOf(cuts);
        const std::vector<WindowLine> twice(2, WindowLine{"d.csv", 0, "", "", SplitPart::train, "", -1});
        QVERIFY(messageOf([&] { tableFromLines(cuts, coverages, twice); }).contains("more than once"));
        // Samples until 1.5 s and from 5 s on.
        coverages[1].sources[0].streams[0].spans = {{0, 1500 * kNanosPerMillisecond}, {5 * kS, 199 * kS}};
        const std::vector<WindowLine> one{twice.front()};
        QVERIFY(messageOf([&] { tableFromLines(cuts, coverages, one); }).contains("gap"));
        // The last sample of [0, 2) lies at 1.98 s.
        coverages[1].sources[0].streams[0].spans = {{0, 1980 * kNanosPerMillisecond}};
        QVERIFY(messageOf([&] { tableFromLines(cuts, coverages, one); }).isEmpty());
        cuts[1].sources.push_back({{"watch"}, cuts[1].sources[0].grid});
        QVERIFY(messageOf([&] { tableFromLines(cuts, coverages, one); }).contains("several devices"));
    }

    // Starts at 0 and 1 s cover [0, 3), the one at 3 s [3, 5): seconds by hand.
    void countsAreByClassSubjectAndPart()
    {
        const WindowTable table = makeWindowTable(someCuts(), testing({"s1"}), 7);
        const std::vector<TableCount> counts = countWindowTable(table);
        QCOMPARE(counts.size(), std::size_t{5});
        QCOMPARE(counts[0].label + "|" + counts[0].subject, std::string("|s3"));
        QCOMPARE(counts[3].label + "|" + counts[3].subject, std::string("walk|s1"));
        QVERIFY(counts[3].part == SplitPart::test);
        QCOMPARE(counts[4].label + "|" + counts[4].subject, std::string("walk|s2"));
        QCOMPARE(counts[4].windows, std::size_t{2});
        QCOMPARE(counts[4].bouts, std::size_t{1});
        QCOMPARE(counts[4].seconds, 3.0);
        QCOMPARE(coveredSeconds(table), 5.0 + 4.0 + 2.0);
    }

    void classesThatOnlyTestAreRefused()
    {
        const WindowTable table = makeWindowTable(someCuts(), testing({"s1"}), 7);
        QCOMPARE(classesMissingInTraining(table), std::vector<std::string>{"sit"});
        QVERIFY(messageOf([&] { requireTrainableClasses(table); }).contains("the class sit"));
        const WindowTable whole = makeWindowTable(someCuts(), SplitRule{}, 7);
        QVERIFY(messageOf([&] { requireTrainableClasses(whole); }).isEmpty());
        const WindowTable nothing = makeWindowTable(someCuts(), testing({"s1", "s2", "s3"}), 7);
        QVERIFY(messageOf([&] { requireTrainableClasses(nothing); }).contains("training"));
    }

    void shotsAreDrawnByClass()
    {
        // 10 recordings, 40 windows each, 4 classes of 10 windows, which are one bout each.
        WindowTable table = evenTable(10, 40, 25, 4);
        for (const std::uint32_t row : table.rowsOf(SplitPart::train)) {
            if (table.rows[row].recording == 9)
                table.rows[row].part = SplitPart::test;
        }
        std::set<std::uint32_t> drawnBefore;
        for (const std::size_t count : {1, 5, 20}) {
            const Shots shots = drawShots(table, {count, ShotUnit::windows}, 1234);
            QCOMPARE(shots.rows.size(), 4 * count);
            QVERIFY(std::ranges::is_sorted(shots.rows));
            std::map<int, std::set<int>> bouts;
            for (const std::uint32_t row : shots.rows) {
                QVERIFY(table.rows[row].part == SplitPart::train);
                bouts[table.rows[row].label].insert(table.rows[row].bout);
            }
            for (std::size_t label = 0; label < 4; ++label) {
                QCOMPARE(shots.classes[label].windows, count);
                QCOMPARE(shots.classes[label].bouts, bouts[static_cast<int>(label)].size());
            }
            // More shots hold the fewer.
            QVERIFY(std::ranges::includes(shots.rows, drawnBefore));
            drawnBefore = {shots.rows.begin(), shots.rows.end()};
        }
        QVERIFY(drawShots(table, {20, ShotUnit::windows}, 1).rows != drawShots(table, {20, ShotUnit::windows}, 2).rows);
        const Shots bouts = drawShots(table, {3, ShotUnit::bouts}, 1234);
        QCOMPARE(bouts.rows.size(), std::size_t{4 * 3 * 10});
        QCOMPARE(bouts.classes[2].windows, std::size_t{30});
        QCOMPARE(bouts.classes[2].bouts, std::size_t{3});
        const Shots all = drawShots(table, {1000, ShotUnit::windows}, 1234);
        QCOMPARE(all.rows.size(), std::size_t{360});
    }

    // Of 90 windows each should be drawn as often: 900 draws of one, 10 each; 30 would be six deviations away.
    void shotsAreFair()
    {
        const WindowTable table = evenTable(1, 90, 25, 1);
        std::map<std::uint32_t, int> times;
        for (std::uint64_t seed = 0; seed < 900; ++seed)
            ++times[drawShots(table, {1, ShotUnit::windows}, seed).rows.front()];
        QCOMPARE(times.size(), std::size_t{90});
        for (const auto &[row, count] : times)
            QVERIFY(count < 30);
    }
};

QTEST_GUILESS_MAIN(WindowTableTest)
#include "window_table_test.moc"
