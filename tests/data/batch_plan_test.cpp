#include "core/base/error.h"
#include "core/data/dataset/batch_plan.h"
#include "tests/support/table_fixture.h"

#include <QTest>
#include <algorithm>
#include <chrono>
#include <map>
#include <set>

using namespace kino;
using kino::test::evenTable;

namespace {

std::vector<std::uint32_t> allRows(const WindowTable &table) { return table.rowsOf(SplitPart::train); }

/** How often each row comes. */
std::map<std::uint32_t, int> timesOf(const BatchPlan &plan)
{
    std::map<std::uint32_t, int> times;
    for (const std::uint32_t row : plan.rows)
        ++times[row];
    return times;
}

bool eachOnce(const BatchPlan &plan, std::size_t rows)
{
    const auto times = timesOf(plan);
    return plan.rows.size() == rows && times.size() == rows;
}

/** By looking at all pairs. */
bool overlapsSomewhere(const WindowTable &table, const BatchPlan &plan)
{
    for (std::size_t batch = 0; batch < plan.batches(); ++batch) {
        const auto rows = plan.batch(batch);
        for (std::size_t a = 0; a < rows.size(); ++a) {
            for (std::size_t b = a + 1; b < rows.size(); ++b) {
                const WindowRow &one = table.rows[rows[a]], &other = table.rows[rows[b]];
                if (one.recording == other.recording && std::abs(one.start - other.start) < table.lengthNs)
                    return true;
            }
        }
    }
    return false;
}

std::vector<std::size_t> sizesOf(const BatchPlan &plan)
{
    std::vector<std::size_t> sizes;
    for (std::size_t batch = 0; batch < plan.batches(); ++batch)
        sizes.push_back(plan.batch(batch).size());
    return sizes;
}

} // namespace

class BatchPlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWindowComesOnceInAnOrderOfItsEpoch()
    {
        const WindowTable table = evenTable(7, 100, 100);
        const auto rows = allRows(table);
        const BatchPlan plan = planEpoch(table, rows, {.batch = 64}, 3, 0);
        QVERIFY(eachOnce(plan, 700));
        std::vector<std::size_t> expected(10, 64);
        expected.push_back(60);
        QCOMPARE(sizesOf(plan), expected);
        QVERIFY(plan == planEpoch(table, rows, {.batch = 64}, 3, 0));
        QVERIFY(plan.rows != planEpoch(table, rows, {.batch = 64}, 3, 1).rows);
        QVERIFY(plan.rows != planEpoch(table, rows, {.batch = 64}, 4, 0).rows);
        const BatchPlan whole = planEpoch(table, rows, {.batch = 64, .incomplete = IncompleteBatches::drop}, 3, 0);
        QCOMPARE(sizesOf(whole), std::vector<std::size_t>(10, 64));
        QCOMPARE(whole.dropped, std::size_t{60});
        QVERIFY(std::ranges::equal(whole.rows, std::span(plan.rows).first(640)));
    }

    // A shuffle that is no shuffle shows in where the first rows go: of 2000 rows the first 1000 should be spread evenly.
    void orderIsSpreadEvenly()
    {
        const WindowTable table = evenTable(2, 1000, 100);
        const BatchPlan plan = planEpoch(table, allRows(table), {.batch = 50, .overlap = TimeOverlap::avoid}, 1, 0);
        for (std::size_t batch = 0; batch < plan.batches(); ++batch) {
            const auto ofFirst = std::ranges::count_if(plan.batch(batch), [](std::uint32_t row) { return row < 1000; });
            QVERIFY(ofFirst >= 10 && ofFirst <= 40); // 25 ± 3.5; 15 is over four deviations
        }
    }

    void classesComeEquallyOften()
    {
        WindowTable table = evenTable(1, 1000, 100, 4);
        // 900 of c0, 70 of c1, 29 of c2, 1 of c3.
        for (std::size_t row = 0; row < 1000; ++row)
            table.rows[row].label = row < 900 ? 0 : row < 970 ? 1 : row < 999 ? 2 : 3;
        table.rows[0].label = -1;
        const BatchOptions options{.batch = 100, .balance = ClassBalance::equal};
        std::map<std::uint32_t, int> seen;
        for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
            const BatchPlan plan = planEpoch(table, allRows(table), options, 5, epoch);
            QCOMPARE(plan.rows.size(), std::size_t{999});
            std::map<int, int> ofLabel;
            for (const auto &[row, times] : timesOf(plan)) {
                const int label = table.rows[row].label;
                ofLabel[label] += times;
                seen[row] += times;
                const int least = label == 0 ? 1 : label == 1 ? 3 : label == 2 ? 8 : 249;
                QVERIFY(times >= least && times <= least + 1);
            }
            for (int label = 0; label < 4; ++label)
                QVERIFY(ofLabel[label] == 249 || ofLabel[label] == 250); // 999 = 4 * 249 + 3
            QVERIFY(!ofLabel.contains(-1));
        }
        // 20 epochs of about 250 out of 899: a window stays unseen with probability (649/899)^20 = 0.0015.
        QVERIFY(seen.size() >= 985);
    }

    void noTwoWindowsOfOneTimeMeet_data()
    {
        QTest::addColumn<int>("recordings");
        QTest::addColumn<int>("windows");
        QTest::addColumn<int>("stride");
        QTest::addColumn<int>("batch");
        QTest::newRow("75 % overlap, many recordings") << 40 << 100 << 25 << 64;
        QTest::newRow("75 % overlap, one long recording") << 1 << 3000 << 25 << 64;
        QTest::newRow("stride of one sample") << 5 << 2000 << 1 << 16;
        QTest::newRow("few recordings, large batch") << 3 << 60 << 25 << 64;
    }
    void noTwoWindowsOfOneTimeMeet()
    {
        QFETCH(int, recordings);
        QFETCH(int, windows);
        QFETCH(int, stride);
        QFETCH(int, batch);
        const WindowTable table
            = evenTable(static_cast<std::size_t>(recordings), static_cast<std::size_t>(windows), static_cast<std::size_t>(stride));
        const auto rows = allRows(table);
        for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
            const BatchPlan plan = planEpoch(table, rows, {.batch = static_cast<std::size_t>(batch), .overlap = TimeOverlap::avoid}, 9, epoch);
            QVERIFY(eachOnce(plan, rows.size()));
            QVERIFY(!overlapsSomewhere(table, plan));
            for (const std::size_t size : sizesOf(plan))
                QVERIFY(size <= static_cast<std::size_t>(batch));
        }
    }

    // 40 recordings of 25 s: a batch of 64 finds room easily, so every batch but one is full.
    void batchesAreFullWhereThatCanBe()
    {
        const WindowTable table = evenTable(40, 100, 25);
        const auto rows = allRows(table);
        for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
            const BatchPlan plan = planEpoch(table, rows, {.batch = 64, .overlap = TimeOverlap::avoid}, 2, epoch);
            QCOMPARE(plan.batches(), std::size_t{63}); // 4000 / 64 = 62.5
            auto sizes = sizesOf(plan);
            std::ranges::sort(sizes);
            QCOMPARE(sizes.front(), std::size_t{32});
            QCOMPARE(sizes[1], std::size_t{64});
        }
    }

    void windowsOfSeveralDevicesAtOneTimeAreApart()
    {
        WindowTable table = evenTable(3, 50, 100);
        for (WindowRow &row : table.rows)
            row.source = 0;
        const std::size_t count = table.rows.size();
        for (TableRecording &recording : table.recordings)
            recording.sources.push_back({{"watch"}, recording.sources[0].grid});
        for (std::size_t row = 0; row < count; ++row) {
            WindowRow other = table.rows[row];
            other.source = 1;
            other.start = other.start + 300 * kNanosPerMillisecond; // devices do not begin together
            table.rows.push_back(other);
        }
        const BatchPlan plan = planEpoch(table, allRows(table), {.batch = 20, .overlap = TimeOverlap::avoid}, 1, 0);
        QVERIFY(eachOnce(plan, 300) && !overlapsSomewhere(table, plan));
        // The same batches with overlap allowed do meet: the test above can fail.
        QVERIFY(overlapsSomewhere(table, planEpoch(table, allRows(table), {.batch = 20}, 1, 0)));
    }

    void windowsThatAllOverlapAreBatchesOfTheirOwn()
    {
        WindowTable table = evenTable(1, 500, 1);
        for (WindowRow &row : table.rows)
            row.start = {row.firstSample * kNanosPerMillisecond}; // all within half a second
        const BatchPlan plan = planEpoch(table, allRows(table), {.batch = 32, .overlap = TimeOverlap::avoid}, 1, 0);
        QVERIFY(eachOnce(plan, 500));
        QCOMPARE(plan.batches(), std::size_t{500});
        const BatchPlan dropped
            = planEpoch(table, allRows(table), {.batch = 32, .incomplete = IncompleteBatches::drop, .overlap = TimeOverlap::avoid}, 1, 0);
        QCOMPARE(dropped.batches(), std::size_t{0});
        QCOMPARE(dropped.dropped, std::size_t{500});
    }

    void balancedAndApartGoTogether()
    {
        WindowTable table = evenTable(20, 100, 25, 2);
        for (WindowRow &row : table.rows)
            row.label = row.firstSample < 200 ? 0 : 1; // 8 against 92 of each recording
        const BatchPlan plan
            = planEpoch(table, allRows(table), {.batch = 32, .balance = ClassBalance::equal, .overlap = TimeOverlap::avoid}, 1, 0);
        QVERIFY(!overlapsSomewhere(table, plan));
        QCOMPARE(plan.rows.size(), std::size_t{2000});
        QCOMPARE(std::ranges::count_if(plan.rows, [&](std::uint32_t row) { return table.rows[row].label == 0; }), std::ptrdiff_t{1000});
    }

    // Also where nothing fits anywhere, time grows with the windows, not with their square.
    void timeIsBounded()
    {
        WindowTable table = evenTable(1, 20'000, 1);
        for (WindowRow &row : table.rows)
            row.start = {row.firstSample};
        const auto begin = std::chrono::steady_clock::now();
        const BatchPlan plan = planEpoch(table, allRows(table), {.batch = 64, .overlap = TimeOverlap::avoid}, 1, 0);
        QVERIFY(eachOnce(plan, 20'000));
        QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    }

    void oddCases()
    {
        const WindowTable table = evenTable(1, 10, 100);
        QVERIFY_THROWS_EXCEPTION(Error, planEpoch(table, allRows(table), {.batch = 0}, 1, 0));
        QCOMPARE(planEpoch(table, {}, {.batch = 4, .overlap = TimeOverlap::avoid}, 1, 0).batches(), std::size_t{0});
        QCOMPARE(planEpoch(table, {}, {.batch = 4, .balance = ClassBalance::equal}, 1, 0).batches(), std::size_t{0});
        QCOMPARE(planEpoch(table, allRows(table), {.batch = 4, .balance = ClassBalance::equal}, 1, 0).batches(), std::size_t{0});
        QCOMPARE(sizesOf(planInOrder(allRows(table), 4)), (std::vector<std::size_t>{4, 4, 2}));
        QCOMPARE(planInOrder(allRows(table), 4).rows, allRows(table));
    }
};

QTEST_GUILESS_MAIN(BatchPlanTest)
#include "batch_plan_test.moc"
