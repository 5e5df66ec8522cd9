// Metrics of runs: what is added is there, its figures are right, a resumed run drops what came after its checkpoint.
#include "core/base/error.h"
#include "core/store/jobs/job_store.h"
#include "core/store/jobs/metrics.h"
#include "core/store/project.h"
#include "tests/support/test_data.h"

#include <cmath>
#include <limits>

using namespace kino;
namespace fs = std::filesystem;

namespace {

struct Bench {
    test::TemporaryFolder folder;
    fs::path path = Project::create(folder / "p.kino").folder();
    JobStore store{path};
    JobId run = store.submit(NewJob{.name = "r", .kind = "train", .specification = {}, .complete = nlohmann::json::object(), .folder = "/"});
    MetricReader reader{path};
};

MetricSummary summaryOf(const MetricReader &reader, JobId run, const std::string &key)
{
    for (const MetricSummary &each : reader.summaries(run)) {
        if (each.key == key)
            return each;
    }
    return {};
}

std::vector<std::pair<std::int64_t, double>> valuesOf(const std::vector<CurvePoint> &points)
{
    std::vector<std::pair<std::int64_t, double>> values;
    for (const CurvePoint &point : points)
        values.emplace_back(point.step, point.value);
    return values;
}

} // namespace

class JobMetricsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsAddedIsThere()
    {
        Bench bench;
        MetricWriter writer(bench.path, bench.run);
        for (std::int64_t step = 0; step < 1000; ++step) {
            writer.add(step, step / 100, "train.loss", 1.0 / static_cast<double>(step + 1));
            if (step % 100 == 99)
                writer.add(step, step / 100, "validation.loss", static_cast<double>(step));
        }
        writer.flush();
        const auto points = bench.reader.points(bench.run, "train.loss");
        QCOMPARE(points.size(), std::size_t{1000});
        QCOMPARE(points[250].step, 250);
        QCOMPARE(points[250].epoch, 2);
        QCOMPARE(points[250].value, 1.0 / 251);
        QCOMPARE(bench.reader.points(bench.run, "train.loss", {.fromStep = 10, .toStep = 19}).size(), std::size_t{10});
        QCOMPARE(bench.reader.keys(bench.run), (std::vector<std::string>{"train.loss", "validation.loss"}));
        const MetricSummary loss = summaryOf(bench.reader, bench.run, "train.loss");
        QCOMPARE(loss.count, 1000);
        QCOMPARE(loss.first, 1.0);
        QCOMPARE(loss.last, 0.001);
        QCOMPARE(loss.lastStep, 999);
        QCOMPARE(loss.least, 0.001);
        QCOMPARE(loss.most, 1.0);
        QCOMPARE(loss.mostStep, 0);
        QVERIFY(!loss.final);
    }

    /** The figures of many small batches are those of all rows, with numbers that are none and steps that come twice. */
    void figuresFollowTheRows()
    {
        Bench bench;
        MetricWriter writer(bench.path, bench.run);
        std::map<std::int64_t, double> kept;
        std::uint32_t state = 12345;
        const auto random = [&state] { return (state = state * 1664525u + 1013904223u) >> 8; };
        for (int number = 0; number < 600; ++number) {
            const auto step = static_cast<std::int64_t>(number / 3 * 3 + static_cast<int>(random() % 5));
            double value = static_cast<double>(random() % 2001) - 1000;
            if (random() % 13 == 0)
                value = std::numeric_limits<double>::quiet_NaN();
            if (random() % 17 == 0)
                value = std::numeric_limits<double>::infinity();
            writer.add(step, 0, "k", value);
            kept[step] = value;
            if (random() % 7 == 0)
                writer.flush();
        }
        writer.flush();
        std::vector<std::pair<std::int64_t, double>> finite;
        for (const auto &[step, value] : kept) {
            if (std::isfinite(value))
                finite.emplace_back(step, value);
        }
        const MetricSummary summary = summaryOf(bench.reader, bench.run, "k");
        QCOMPARE(summary.count, static_cast<std::int64_t>(finite.size()));
        QCOMPARE(std::pair(summary.firstStep, summary.first), finite.front());
        QCOMPARE(std::pair(summary.lastStep, summary.last), finite.back());
        const auto byValue = [](const auto &a, const auto &b) { return a.second < b.second; };
        QCOMPARE(std::pair(summary.leastStep, summary.least), *std::min_element(finite.begin(), finite.end(), byValue));
        const double most = std::max_element(finite.begin(), finite.end(), byValue)->second;
        QCOMPARE(summary.most, most);
        const auto points = bench.reader.points(bench.run, "k");
        QCOMPARE(points.size(), kept.size());
        for (const CurvePoint &point : points)
            QVERIFY(point.value == kept.at(point.step) || (std::isnan(point.value) && std::isnan(kept.at(point.step))));
    }

    void aResumedRunDropsWhatCameAfterItsCheckpoint()
    {
        Bench bench;
        nlohmann::json mark;
        {
            MetricWriter writer(bench.path, bench.run);
            for (std::int64_t step = 0; step <= 5; ++step)
                writer.add(step, 0, "train.loss", 10.0 - static_cast<double>(step));
            mark = writer.mark();
            // Of the same step as the last before the mark, and after it.
            writer.add(5, 0, "validation.loss", 7);
            for (std::int64_t step = 6; step <= 20; ++step)
                writer.add(step, 0, "train.loss", -100);
        }
        QCOMPARE(bench.reader.points(bench.run, "train.loss").size(), std::size_t{21});
        CurveChange read = bench.reader.changes(bench.run, "train.loss", {});
        QVERIFY(read.isAnew);
        QCOMPARE(read.points.size(), std::size_t{21});

        MetricWriter writer(bench.path, bench.run);
        writer.rewind(mark);
        QCOMPARE(bench.reader.points(bench.run, "train.loss").size(), std::size_t{6});
        QVERIFY(bench.reader.points(bench.run, "validation.loss").empty());
        QCOMPARE(bench.reader.keys(bench.run), (std::vector<std::string>{"train.loss"}));
        QCOMPARE(summaryOf(bench.reader, bench.run, "train.loss").least, 5.0);
        QCOMPARE(summaryOf(bench.reader, bench.run, "train.loss").count, 6);
        read = bench.reader.changes(bench.run, "train.loss", read.mark);
        QVERIFY(read.isAnew);
        QCOMPARE(read.points.size(), std::size_t{6});

        writer.add(6, 0, "train.loss", 4);
        writer.flush();
        read = bench.reader.changes(bench.run, "train.loss", read.mark);
        QVERIFY(!read.isAnew);
        QCOMPARE(valuesOf(read.points), (std::vector<std::pair<std::int64_t, double>>{{6, 4.0}}));
        QVERIFY(read.points[0].seconds >= bench.reader.points(bench.run, "train.loss", {.toStep = 5}).back().seconds);
        read = bench.reader.changes(bench.run, "train.loss", read.mark);
        QVERIFY(!read.isAnew && read.points.empty());
        // The same mark leads to the same place again, also from a writer that has added nothing yet.
        MetricWriter other(bench.path, bench.run);
        other.rewind(mark);
        QCOMPARE(other.mark(), mark);
        QCOMPARE(bench.reader.points(bench.run, "train.loss").size(), std::size_t{6});
        other.rewind(nullptr);
        QVERIFY(bench.reader.keys(bench.run).empty());
    }

    void decimatedLooksTheSame()
    {
        Bench bench;
        MetricWriter writer(bench.path, bench.run);
        constexpr std::int64_t kSteps = 10'000;
        const auto valueAt = [](std::int64_t step) { return step == 4321 ? 50.0 : std::sin(static_cast<double>(step) * 0.37); };
        for (std::int64_t step = 0; step < kSteps; ++step)
            writer.add(step, 0, "k", valueAt(step));
        writer.flush();
        constexpr std::size_t kColumns = 100;
        const auto thin = bench.reader.decimated(bench.run, "k", 4 * kColumns);
        QVERIFY(thin.size() <= 4 * kColumns);
        QVERIFY(thin.size() > 3 * kColumns);
        // Of each hundred steps the extremes and both ends are there.
        for (std::int64_t column = 0; column < static_cast<std::int64_t>(kColumns); ++column) {
            double least = 1e9, most = -1e9, thinLeast = 1e9, thinMost = -1e9;
            for (std::int64_t step = column * 100; step < column * 100 + 100; ++step) {
                least = std::min(least, valueAt(step));
                most = std::max(most, valueAt(step));
            }
            for (const CurvePoint &point : thin) {
                if (point.step / 100 != column)
                    continue;
                thinLeast = std::min(thinLeast, point.value);
                thinMost = std::max(thinMost, point.value);
            }
            QCOMPARE(thinLeast, least);
            QCOMPARE(thinMost, most);
        }
        QCOMPARE(thin.front().step, 0);
        QCOMPARE(thin.back().step, kSteps - 1);
        for (std::size_t place = 1; place < thin.size(); ++place)
            QVERIFY(thin[place].step > thin[place - 1].step);
        // Few points are given as they are.
        QCOMPARE(bench.reader.decimated(bench.run, "k", 400, {.fromStep = 100, .toStep = 499}).size(), std::size_t{400});
        QVERIFY(bench.reader.decimated(bench.run, "nothing", 400).empty());
    }

    void rowsComeByStep()
    {
        Bench bench;
        MetricWriter writer(bench.path, bench.run);
        writer.add(0, 0, "b", 1);
        writer.add(0, 0, "a", 2);
        writer.add(1, 0, "b", 3);
        writer.flush();
        std::string text;
        bench.reader.eachRow(bench.run, std::nullopt, [&](const MetricRow &row) { text += std::to_string(row.step) + std::string(row.key) + " "; });
        QCOMPARE(text, std::string("0a 0b 1b "));
        text.clear();
        bench.reader.eachRow(bench.run, "b", [&](const MetricRow &row) { text += std::to_string(row.step) + std::string(row.key) + " "; });
        QCOMPARE(text, std::string("0b 1b "));
    }

    /** Who trains never waits for who holds the database; what was added is written later. */
    void aLockedDatabaseIsWaitedFor()
    {
        Bench bench;
        MetricWriter writer(bench.path, bench.run);
        {
            const Transaction other(bench.store.database());
            const auto start = std::chrono::steady_clock::now();
            for (std::int64_t step = 0; step < 1000; ++step)
                writer.add(step, 0, "k", 1);
            QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
        }
        QTRY_COMPARE_WITH_TIMEOUT(bench.reader.points(bench.run, "k").size(), std::size_t{1000}, 10'000);
    }
};

QTEST_GUILESS_MAIN(JobMetricsTest)
#include "job_metrics_test.moc"
