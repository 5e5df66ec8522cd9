#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/dataset/load_dataset.h"
#include "core/signal/spectrogram_image.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>
#include <fstream>

using namespace kino;
using namespace kino::test;
namespace fs = std::filesystem;

namespace {

/** Exact in float, on the grid of 50 Hz: nothing is resampled, so that any program can compute the same windows. */
float valueOf(std::size_t axis, std::size_t sample)
{
    return static_cast<float>((sample * sample * 7 + sample * 13 + axis * 5) % 101) * static_cast<float>(axis + 1) / 8;
}

std::shared_ptr<const Recording> recordingOf(std::size_t samples, std::size_t gyroscopeAxes = 3)
{
    auto recording = std::make_shared<Recording>();
    recording->name = "one";
    recording->subject = "s1";
    recording->devices.push_back(
        makeDevice("imu", {makeStream(StreamKind::accelerometer, evenTimes(samples, 50), 3, valueOf),
                           makeStream(StreamKind::gyroscope, evenTimes(samples, 50), gyroscopeAxes,
                                      [](std::size_t axis, std::size_t sample) { return valueOf(axis + 3, sample); })}));
    return recording;
}

struct Made {
    std::shared_ptr<WindowTable> table;
    std::vector<RecordingReaders> readers;
};

/** Windows of `seconds` every second, all training. */
Made windowsOf(const std::vector<std::shared_ptr<const Recording>> &recordings, double seconds)
{
    WindowRule rule;
    rule.seconds = seconds;
    rule.strideSeconds = 1;
    rule.policy = LabelPolicy::none;
    std::vector<RecordingWindows> cuts;
    Made made;
    for (const auto &recording : recordings) {
        const ChannelCoverage coverage = computeCoverage(*recording, {}, false, rule.channels);
        cuts.push_back(cutWindows(*recording, coverage, rule));
        ResampledStreams streams(recording);
        RecordingReaders &readers = made.readers.emplace_back();
        for (std::size_t source = 0; source < cuts.back().sources.size(); ++source)
            readers.push_back(std::make_unique<WindowReader>(streams, coverage.sources[source], cuts.back().sources[source].grid,
                                                             cuts.back().samplesPerWindow));
    }
    made.table = std::make_shared<WindowTable>(makeWindowTable(cuts, {}, 0));
    return made;
}

std::vector<float> readRow(const TrainingWindows &windows, std::size_t row)
{
    std::vector<float> values(windows.valuesPerWindow());
    windows.read(row, values);
    return values;
}

bool near(float found, double expected, double tolerance = 1e-6) { return std::abs(static_cast<double>(found) - expected) <= tolerance; }

QString messageOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

DatasetSpec specOf(std::vector<std::string> patterns)
{
    DatasetSpec spec;
    spec.windows.recordings = std::move(patterns);
    spec.windows.rule.seconds = 2.56;
    spec.windows.rule.strideSeconds = 0.64;
    return spec;
}

} // namespace

class TrainingWindowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void windowsAreTheSamplesThemselves()
    {
        Made made = windowsOf({recordingOf(500)}, 2);
        const TrainingWindows windows(made.table, std::move(made.readers));
        QCOMPARE(windows.size(), std::size_t{9});
        QCOMPARE(windows.shape(), (std::vector<std::int64_t>{6, 100}));
        QCOMPARE(windows.channels().at(4), std::string("gyroscope/y"));
        const std::vector<float> values = readRow(windows, 3);
        for (std::size_t axis = 0; axis < 6; ++axis) {
            for (std::size_t sample = 0; sample < 100; ++sample)
                QCOMPARE(values[axis * 100 + sample], valueOf(axis, 150 + sample));
        }
    }

    // Figures of hashlib.sha256 over numpy's bytes of the same windows and the table's text.
    void fingerprintIsTheHashOfTableAndSamples()
    {
        Made made = windowsOf({recordingOf(500)}, 2);
        const auto changed = std::make_shared<WindowTable>(*made.table);
        const TrainingWindows windows(made.table, std::move(made.readers));
        QCOMPARE(windows.fingerprint(), std::string("90f820a6c9943cb9a1250264a05926ae5cfbae44498ba3b6dc39248d80b0d56d"));
        changed->rows[0].part = SplitPart::test;
        const TrainingWindows other(changed, windowsOf({recordingOf(500)}, 2).readers);
        QVERIFY(other.fingerprint() != windows.fingerprint());
    }

    // Figures of numpy: (x - x.mean(1)) / x.std(1) of window 3, in float64.
    void eachWindowIsNormalisedByItself()
    {
        Made made = windowsOf({recordingOf(500)}, 2);
        const TrainingWindows windows(made.table, std::move(made.readers), {.normalise = SampleNormalisation::window});
        const std::vector<float> values = readRow(windows, 3);
        QVERIFY(near(values[0], 0.8798704161378262) && near(values[1], 0.8437953683256972) && near(values[2], 1.3127709898833742));
        QVERIFY(near(values[597], -0.5493731958612015) && near(values[598], 0.9209686908719413) && near(values[599], -0.5159563347990845));
    }

    // Figures of numpy: mean and std over all windows, overlap counted as often as it is fed.
    void trainingWindowsNormaliseAll()
    {
        Made made = windowsOf({recordingOf(500)}, 2);
        const TrainingWindows windows(made.table, std::move(made.readers), {.normalise = SampleNormalisation::train});
        const ChannelStatistics statistics = windows.statistics().value();
        QVERIFY(std::abs(statistics.mean[0] - 6.001388888888889) < 1e-12 && std::abs(statistics.mean[5] - 41.291666666666664) < 1e-12);
        QVERIFY(std::abs(statistics.deviation[0] - 3.4749397698839313) < 1e-12
                && std::abs(statistics.deviation[5] - 22.574670847852666) < 1e-12);
        const std::vector<float> values = readRow(windows, 3);
        QVERIFY(near(values[0], 0.8629246288235003) && near(values[2], 1.2945867868269187) && near(values[599], -0.5001918629409714));
        QVERIFY(statisticsFromJson(nlohmann::json::parse(statisticsJson(statistics).dump())) == statistics);
        // A classifier of these weights sees other data through the same glasses.
        Made other = windowsOf({recordingOf(500)}, 2);
        TrainingWindows used(other.table, std::move(other.readers));
        ChannelStatistics plain{used.channels(), std::vector<double>(6, 1.0), {2, 2, 2, 2, 2, 0}};
        used.useStatistics(plain);
        const std::vector<float> shifted = readRow(used, 3);
        QCOMPARE(shifted[7], (valueOf(0, 157) - 1) / 2);
        QCOMPARE(shifted[599], 0.0f); // a deviation of 0 gives 0
        plain.channels.pop_back();
        QVERIFY(messageOf([&] { used.useStatistics(plain); }).contains("other channels"));
    }

    void statisticsAreOfTheTrainingPartAlone()
    {
        Made made = windowsOf({recordingOf(500)}, 2);
        for (WindowRow &row : made.table->rows)
            row.part = row.start.ns == 3 * kNanosPerSecond ? SplitPart::train : SplitPart::test;
        const TrainingWindows windows(made.table, std::move(made.readers), {.normalise = SampleNormalisation::train});
        // One window trains: its own z-scores.
        QVERIFY(near(readRow(windows, 3)[0], 0.8798704161378262));
        Made none = windowsOf({recordingOf(500)}, 2);
        for (WindowRow &row : none.table->rows)
            row.part = SplitPart::test;
        QVERIFY(messageOf([&] { TrainingWindows(none.table, std::move(none.readers), {.normalise = SampleNormalisation::train}); }).contains("training"));
    }

    void whatNeverChangesBecomesZero()
    {
        std::vector<float> window{9.80665f, 9.80665f, 9.80665f, 0.1f, 0.2f, 0.3f};
        normaliseWindow(window, 2);
        QVERIFY(window[0] == 0 && window[1] == 0 && window[2] == 0);
        QVERIFY(near(window[3], -std::sqrt(1.5), 1e-5) && near(window[4], 0, 1e-5));
        StatisticsSum sum({"a"});
        for (int i = 0; i < 1000; ++i)
            sum.add(std::vector<float>(7, 9.80665f));
        QCOMPARE(sum.result().deviation[0], 0.0);
        QCOMPARE(sum.result().mean[0], static_cast<double>(9.80665f));
    }

    // What is far from zero keeps its digits: of 1e6 + {0, 1, 2} the deviation is sqrt(2/3).
    void statisticsKeepTheirDigits()
    {
        StatisticsSum sum({"a"});
        for (int i = 0; i < 100'000; ++i)
            sum.add(std::vector<float>{1e6f, 1e6f + 1, 1e6f + 2});
        QVERIFY(std::abs(sum.result().deviation[0] - std::sqrt(2.0 / 3)) < 1e-12);
    }

    void spectrogramsAreTheModelsPictures()
    {
        Made made = windowsOf({recordingOf(700)}, 12); // 600 samples
        const TrainingWindowOptions options{.representation = {"spectrogram", {{"stream", "gyroscope"}}}};
        const TrainingWindows windows(made.table, std::move(made.readers), options);
        QCOMPARE(windows.shape(), (std::vector<std::int64_t>{3, 96, 128}));
        QCOMPARE(windows.size(), std::size_t{3});
        std::array<std::vector<double>, 3> axes;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            for (std::size_t sample = 0; sample < 600; ++sample)
                axes[axis].push_back(static_cast<double>(valueOf(axis + 3, 50 + sample)));
        }
        const SpectrogramImage image = computeSpectrogramImage(axes[0], axes[1], axes[2]);
        std::vector<float> picture = readRow(windows, 1);
        QVERIFY(std::ranges::equal(windows.picture(1), resizeToModelInput(image)));
        QVERIFY(std::ranges::all_of(picture, [](float value) { return value >= 0 && value <= 1; }));
        applyImageNetStatistics(picture);
        const std::vector<float> expected = computeModelInput(image);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(std::abs(picture[i] - expected[i]) < 1e-6f);
    }

    void picturesAreFoundAgain()
    {
        const TemporaryFolder folder;
        const TrainingWindowOptions options{.representation = {"spectrogram", nlohmann::json::object()}, .cacheFolder = folder.path()};
        std::vector<float> first;
        for (int round = 0; round < 2; ++round) {
            Made made = windowsOf({recordingOf(700)}, 12);
            const TrainingWindows windows(made.table, std::move(made.readers), options);
            const auto files = std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
            QCOMPARE(files, std::ptrdiff_t{1});
            if (round == 0)
                first = readRow(windows, 2);
            QCOMPARE(readRow(windows, 2), first);
        }
        // Other samples are other pictures.
        Made made = windowsOf({recordingOf(800)}, 12);
        const TrainingWindows windows(made.table, std::move(made.readers), options);
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), std::ptrdiff_t{2});
    }

    void whatDoesNotFitIsSaid()
    {
        Made unlike = windowsOf({recordingOf(500), recordingOf(500, 2)}, 2);
        unlike.table->recordings[1].name = "two";
        const QString message = messageOf([&] { TrainingWindows(unlike.table, std::move(unlike.readers)); });
        QVERIFY2(message.contains("two (imu) has 5 channels") && message.contains("one (imu) has 6"), qPrintable(message));
        Made brief = windowsOf({recordingOf(500)}, 2);
        QVERIFY(messageOf([&] { TrainingWindows(brief.table, std::move(brief.readers), {.representation = {"spectrogram", nlohmann::json::object()}}); })
                    .contains("128"));
        Made other = windowsOf({recordingOf(500)}, 4);
        const RepresentationChoice magnetometer{"spectrogram", {{"stream", "magnetometer"}}};
        QVERIFY(messageOf([&] { TrainingWindows(other.table, std::move(other.readers), {.representation = magnetometer}); }).contains("magnetometer"));
        Made none = windowsOf({recordingOf(50)}, 2);
        QVERIFY(messageOf([&] { TrainingWindows(none.table, std::move(none.readers)); }).contains("no windows"));
        const RepresentationChoice unknown{"wavelet", nlohmann::json::object()};
        Made any = windowsOf({recordingOf(500)}, 2);
        QVERIFY(messageOf([&] { TrainingWindows(any.table, std::move(any.readers), {.representation = unknown}); }).contains("signal, spectrogram"));
    }

    void readingFromManyThreadsIsReadingFromOne()
    {
        Made made = windowsOf({recordingOf(5000), recordingOf(3000)}, 2);
        const TrainingWindows windows(made.table, std::move(made.readers), {.normalise = SampleNormalisation::window});
        std::vector<std::vector<float>> found(windows.size());
        parallelFor(windows.size(), 8, [&](std::size_t row) { found[row] = readRow(windows, row); });
        for (std::size_t row = 0; row < windows.size(); ++row)
            QCOMPARE(found[row], readRow(windows, row));
    }

    // The cache must not change a number.
    void realRecordingsAreLoaded()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder cache;
        DatasetSpec spec = specOf({});
        spec.windows.recordings = {"s01/*.csv", "s02/*.csv"};
        spec.windows.split.by = SplitBy::subject;
        spec.windows.split.test = {"s02"};
        const fs::path folder = testDataFolder() / "sp_sw_har";
        const LoadedDataset plain = loadDataset(spec, folder);
        QVERIFY(plain.failures.empty() && plain.leakage.isClean());
        QVERIFY(plain.table->rows.size() > 100);
        LoadOptions cached;
        cached.cacheFolder = cache.path();
        const LoadedDataset first = loadDataset(spec, folder, cached), second = loadDataset(spec, folder, cached);
        QVERIFY(!fs::is_empty(cache.path()));
        QVERIFY(*first.table == *plain.table);
        QCOMPARE(first.windows->fingerprint(), plain.windows->fingerprint());
        QCOMPARE(second.windows->fingerprint(), plain.windows->fingerprint());
        QVERIFY(readRow(*second.windows, 17) == readRow(*plain.windows, 17));
        LoadOptions without;
        without.samples = LoadedSamples::none;
        const LoadedDataset counted = loadDataset(spec, folder, without);
        QVERIFY(!counted.windows && *counted.table == *plain.table);
        // The same windows from the table that the run keeps.
        const TemporaryFolder run;
        writeWindowTable(run / "windows.csv", *plain.table);
        DatasetSpec again = spec;
        again.windows.split = {.by = SplitBy::file, .file = (run / "windows.csv").string()};
        again.windows.rule.strideSeconds = 5; // what the rule would cut today does not matter
        const LoadedDataset repeated = loadDataset(again, folder);
        QVERIFY(*repeated.table == *plain.table);
        QCOMPARE(repeated.windows->fingerprint(), plain.windows->fingerprint());
    }

    void filesThatCannotBeReadAreNamed()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        fs::create_directories(folder / "s01");
        for (const char *name : {"s01_01_sp.csv", "s01_01_sw.csv"})
            fs::copy_file(testDataFolder() / "sp_sw_har/s01" / name, folder / "s01" / name);
        folder.write("s01/broken.csv", "nothing\nat all\n");
        const LoadedDataset loaded = loadDataset(specOf({"**/*.csv"}), folder.path());
        QCOMPARE(loaded.failures.size(), std::size_t{1});
        QVERIFY(loaded.failures.front().path.filename() == "broken.csv");
        QVERIFY(loaded.windows->size() > 10);
        QVERIFY(messageOf([&] { loadDataset(specOf({"*.nothing"}), folder.path()); }).contains("*.nothing"));
        QVERIFY(messageOf([&] { loadDataset(specOf({"s01/broken.csv"}), folder.path()); }).contains("broken.csv"));
    }

    void specificationOfTheDataIsReadAndWritten()
    {
        nlohmann::json json;
        json["data"] = {{"recordings", {"*.csv"}},
                        {"window", {{"seconds", 2}}},
                        {"normalise", "train"},
                        {"representation", {{"name", "signal"}}}};
        DatasetSpec spec = datasetSpecFromJson(json);
        QVERIFY(spec.normalise == SampleNormalisation::train);
        spec.representation.options = nlohmann::json::object();
        QVERIFY(datasetSpecFromJson(nlohmann::json(datasetSpecJson(spec))) == spec);
        json["data"]["normalise"] = "all";
        json["data"]["representation"] = {{"name", "spectrogram"}, {"options", {{"stream", "compass"}}}};
        json["data"]["colour"] = 1;
        const QString message = messageOf([&] { datasetSpecFromJson(json); });
        QVERIFY2(message.contains("data.normalise: ") && message.contains("compass") && message.contains("data.colour"), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(TrainingWindowsTest)
#include "training_windows_test.moc"
