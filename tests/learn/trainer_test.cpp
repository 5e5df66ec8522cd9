// The trainer: what it feeds, what it keeps, and that a run which was stopped anywhere ends as one that was not.
#include "core/learn/trainer.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/learn/checkpoint.h"
#include "core/learn/objectives.h"
#include "core/nn/encoders.h"
#include "core/nn/weights.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <set>

using namespace kino;

namespace {

constexpr std::size_t kRows = 37;
constexpr SampleShape kShape{.channels = 3, .height = 1, .length = 50};

/** Two classes of noise, one of them louder. */
SampleSource noise()
{
    SampleSource source;
    source.shape = kShape;
    source.read = [](std::size_t row, std::span<float> sample) {
        RandomStream stream = RandomStream(11).split(row);
        for (float &value : sample)
            value = static_cast<float>(stream.normal() * (row % 2 == 0 ? 1 : 2));
    };
    for (std::size_t row = 0; row < kRows; ++row) {
        source.labels.push_back(static_cast<std::int64_t>(row % 2));
        source.recordings.push_back(static_cast<std::int64_t>(row / 5));
    }
    return source;
}

EpochPlan shuffled(std::size_t batch, std::size_t variants = 1)
{
    return [batch, variants](std::int64_t epoch) {
        std::vector<std::size_t> items(kRows * variants);
        for (std::size_t i = 0; i < items.size(); ++i)
            items[i] = i;
        RandomStream(5).split(static_cast<std::uint64_t>(epoch)).shuffle(std::span(items));
        std::vector<std::vector<std::size_t>> batches;
        for (std::size_t first = 0; first + batch <= items.size(); first += batch)
            batches.emplace_back(items.begin() + static_cast<std::ptrdiff_t>(first), items.begin() + static_cast<std::ptrdiff_t>(first + batch));
        return batches;
    };
}

std::shared_ptr<Objective> make(const std::string &name, nlohmann::json options = nlohmann::json::object())
{
    torch::manual_seed(8);
    ObjectiveSetup setup;
    setup.name = name;
    setup.options = std::move(options);
    setup.encoderName = "har-cnn";
    setup.encoder = makeEncoder("har-cnn");
    setup.shape = kShape;
    setup.classes = {"quiet", "loud"};
    setup.classCounts = {19, 18};
    return makeObjective(setup);
}

class Metrics : public MetricSink {
public:
    struct Row {
        std::int64_t step, epoch;
        std::string key;
        double value;
        friend bool operator==(const Row &, const Row &) = default;
    };
    void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value) override
    {
        if (key != "train.windows_per_second")
            rows.push_back({step, epoch, std::string(key), value});
    }
    nlohmann::json mark() override { return rows.size(); }
    void rewind(const nlohmann::json &mark) override { rows.resize(mark.get<std::size_t>()); }
    std::vector<Row> rows;
};

std::vector<ParameterGroup> groupsOf(const Objective &objective)
{
    std::vector<ParameterGroup> groups;
    for (auto &[parameters, factor] : objective.parameterGroups())
        groups.push_back({parameters, factor});
    return groups;
}

struct Ended {
    TrainingOutcome outcome;
    std::map<std::string, torch::Tensor> state;
};

/** One session: until the end, or until `stopAt` steps are done, as a Ctrl-C would. */
Ended session(const std::string &name, const nlohmann::json &options, const std::filesystem::path &folder, Metrics &metrics, std::int64_t stopAt = -1)
{
    const auto objective = make(name, options);
    const SampleSource source = noise();
    Optimizer optimizer("adam", {{"lr", 1e-3}}, groupsOf(*objective));
    TrainerOptions trainer;
    trainer.epochs = 4;
    trainer.seed = 21;
    trainer.metricSteps = 1;
    trainer.checkpointFolder = folder;
    trainer.checkpointSeconds = 1e9;
    trainer.checkpointSteps = 1'000'000;
    trainer.loaderThreads = 2;
    const auto plan = shuffled(4, objective->variants());
    const auto stepsPerEpoch = static_cast<std::int64_t>(plan(0).size());
    Trainer training(*objective, source, plan, optimizer, Schedule("cosine", {{"warmup_steps", 3}}, stepsPerEpoch, trainer.epochs), trainer, metrics, [&] {
        // A score that does not always get better.
        Evaluation evaluation;
        evaluation.score = std::sin(static_cast<double>(metrics.rows.back().step));
        evaluation.metrics = {{"validation.score", evaluation.score}};
        return evaluation;
    });
    training.resume();
    CancelToken cancel;
    std::int64_t before = -1;
    Ended ended;
    ended.outcome = training.run(cancel, Progress([&](double, std::string_view what) {
                                     const auto at = what.find("step ");
                                     const std::int64_t steps = std::stoll(std::string(what.substr(at + 5)));
                                     if (steps >= stopAt && stopAt >= 0 && before < 0) {
                                         before = steps;
                                         cancel.cancel();
                                     }
                                 }));
    for (const auto &[key, tensor] : stateOf(*objective))
        ended.state[key] = tensor.detach().clone();
    return ended;
}

} // namespace

class TrainerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void everyItemComesOnceInAnyNumberOfThreads()
    {
        const SampleSource source = noise();
        const auto objective = make("multitask");
        std::vector<std::vector<torch::Tensor>> views;
        for (const std::size_t threads : {1, 3}) {
            BatchLoader loader(source, *objective, shuffled(9, 9), 4, {0, 2}, 2, threads);
            std::vector<torch::Tensor> seen;
            std::int64_t batches = 0;
            while (const auto loaded = loader.next()) {
                seen.push_back(loaded->batch.views.at(0));
                QCOMPARE(loaded->place, (batches < 35 ? BatchPlace{0, batches + 2} : BatchPlace{1, batches - 35}));
                ++batches;
            }
            QCOMPARE(batches, std::int64_t{35 + 37});
            views.push_back(std::move(seen));
        }
        for (std::size_t i = 0; i < views[0].size(); ++i)
            QVERIFY(torch::equal(views[0][i], views[1][i]));
    }

    void epochsWithoutBatchesArePassedOver()
    {
        const SampleSource source = noise();
        const auto objective = make("supervised");
        const EpochPlan plan = [](std::int64_t epoch) {
            return epoch == 1 || epoch == 2 ? shuffled(4)(epoch) : std::vector<std::vector<std::size_t>>();
        };
        BatchLoader loader(source, *objective, plan, 4, {}, 5, 2);
        std::int64_t batches = 0;
        while (const auto loaded = loader.next())
            QCOMPARE(loaded->place, (BatchPlace{1 + batches / 9, batches++ % 9}));
        QCOMPARE(batches, std::int64_t{18});
    }

    void cancelledWhileItEvaluatesItLosesNothing()
    {
        QTemporaryDir folder;
        const SampleSource source = noise();
        const auto run = [&](const std::filesystem::path &place, int cancelledEvaluation, Metrics &metrics) {
            const auto objective = make("supervised");
            Optimizer optimizer("adam", nlohmann::json::object(), groupsOf(*objective));
            int evaluations = 0;
            TrainerOptions options;
            options.epochs = 3;
            options.metricSteps = 1;
            options.checkpointFolder = place;
            Trainer trainer(*objective, source, shuffled(6), optimizer, Schedule("constant", nlohmann::json::object(), 6, 3), options, metrics, [&] {
                if (++evaluations == cancelledEvaluation)
                    throw Cancelled();
                return Evaluation{.score = 1.0 - evaluations};
            });
            trainer.resume();
            return trainer.run();
        };
        const std::filesystem::path place(folder.path().toStdString());
        Metrics whole, parts;
        run(place / "whole", 0, whole);
        QCOMPARE(run(place / "parts", 2, parts).end, TrainingEnd::cancelled);
        QCOMPARE(run(place / "parts", 0, parts).end, TrainingEnd::done);
        QVERIFY(parts.rows == whole.rows);
    }

    void whatReadingThrowsComesOut()
    {
        SampleSource source = noise();
        source.read = [](std::size_t row, std::span<float>) {
            if (row == 20)
                throw Error("row 20 has gone");
        };
        const auto objective = make("supervised");
        BatchLoader loader(source, *objective, shuffled(4), 4, {}, 1, 2);
        QVERIFY_EXCEPTION_THROWN(while (loader.next()) {}, Error);
    }

    void stoppedAnywhereItEndsTheSame_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("options");
        QTest::newRow("supervised, with dropout") << "supervised" << "{}";
        QTest::newRow("moco, with a queue and shuffled keys") << "moco" << "{\"queue\": 16, \"width\": 8}";
        QTest::newRow("primus, with neighbours") << "primus" << "{\"queue\": 16}";
        QTest::newRow("multitask") << "multitask" << "{\"hidden\": 8}";
    }

    void stoppedAnywhereItEndsTheSame()
    {
        QFETCH(QString, name);
        QFETCH(QString, options);
        const nlohmann::json given = nlohmann::json::parse(options.toStdString());
        QTemporaryDir folder;
        const std::filesystem::path place(folder.path().toStdString());
        Metrics whole;
        const Ended wanted = session(name.toStdString(), given, place / "whole", whole);
        QCOMPARE(wanted.outcome.end, TrainingEnd::done);
        QVERIFY(wanted.outcome.steps > 30);

        Metrics parts;
        std::int64_t stopAt = 1;
        Ended ended;
        int sessions = 0;
        do {
            ended = session(name.toStdString(), given, place / "parts", parts, stopAt);
            stopAt += 1 + 5 * ++sessions; // within epochs, at their ends, twice in one
        } while (ended.outcome.end == TrainingEnd::cancelled && sessions < 20);
        QVERIFY(sessions > 3);
        QCOMPARE(ended.outcome.steps, wanted.outcome.steps);
        QCOMPARE(ended.outcome.bestStep, wanted.outcome.bestStep);
        QCOMPARE(ended.outcome.bestScore, wanted.outcome.bestScore);
        QCOMPARE(ended.outcome.lastLoss, wanted.outcome.lastLoss);
        QCOMPARE(ended.state.size(), wanted.state.size());
        for (const auto &[key, tensor] : wanted.state)
            QVERIFY2(torch::equal(ended.state.at(key), tensor), key.c_str());
        for (const auto &[key, tensor] : wanted.outcome.bestState)
            QVERIFY2(torch::equal(ended.outcome.bestState.at(key), tensor), key.c_str());
        QCOMPARE(parts.rows.size(), whole.rows.size());
        QVERIFY(parts.rows == whole.rows);
    }

    void whatWasLeftHalfWrittenDoesNotCount()
    {
        QTemporaryDir folder;
        const std::filesystem::path place(folder.path().toStdString());
        const torch::Tensor one = torch::ones(3), two = one * 2;
        writeCheckpoint(place, 1, {{{"x", one}}, {{"step", 1}}});
        // As a power cut leaves it: the next one is begun, the link is still the old one's.
        std::filesystem::create_directories(place / "step-2.part");
        QVERIFY(torch::equal(readCheckpoint(place)->tensors.at("x"), one));
        writeCheckpoint(place, 2, {{{"x", two}}, {{"step", 2}}});
        QVERIFY(torch::equal(readCheckpoint(place)->tensors.at("x"), two));
        writeCheckpoint(place, 2, {{{"x", one}}, {{"step", 2}}});
        QVERIFY(torch::equal(readCheckpoint(place)->tensors.at("x"), one));
        std::size_t folders = 0;
        for (const auto &entry : std::filesystem::directory_iterator(place))
            folders += entry.is_directory() && !entry.is_symlink();
        QCOMPARE(folders, std::size_t{1});
        QVERIFY(!readCheckpoint(place / "nowhere"));
    }

    void brokenLossNamesStepAndTerm()
    {
        SampleSource source = noise();
        const auto read = source.read;
        source.read = [read](std::size_t row, std::span<float> sample) {
            read(row, sample);
            if (row == 7)
                sample[3] = std::numeric_limits<float>::infinity();
        };
        const auto objective = make("supervised");
        Optimizer optimizer("sgd", nlohmann::json::object(), groupsOf(*objective));
        Metrics metrics;
        Trainer trainer(*objective, source, shuffled(37), optimizer, Schedule("constant", nlohmann::json::object(), 1, 2), {.epochs = 2}, metrics);
        try {
            trainer.run();
            QFAIL("an infinite sample went unnoticed");
        } catch (const Error &error) {
            QVERIFY2(std::string(error.what()).find("step 0") != std::string::npos, error.what());
            QVERIFY2(std::string(error.what()).find("cross_entropy") != std::string::npos, error.what());
        }
    }

    void earlyStoppingCountsEvaluations()
    {
        const SampleSource source = noise();
        const auto objective = make("supervised");
        Optimizer optimizer("sgd", nlohmann::json::object(), groupsOf(*objective));
        Metrics metrics;
        int evaluations = 0;
        const std::vector<double> scores = {0.1, 0.5, 0.4, 0.5, 0.3, 0.9};
        Trainer trainer(*objective, source, shuffled(8), optimizer, Schedule("constant", nlohmann::json::object(), 4, 6), {.epochs = 6, .patience = 3}, metrics, [&] {
            Evaluation evaluation;
            evaluation.score = evaluation.stoppingScore = scores.at(static_cast<std::size_t>(evaluations++));
            return evaluation;
        });
        const TrainingOutcome outcome = trainer.run();
        QCOMPARE(outcome.end, TrainingEnd::stoppedEarly);
        QCOMPARE(evaluations, 5); // the best was the second; three without a better one follow
        QCOMPARE(outcome.bestScore, 0.5);
        QCOMPARE(outcome.bestStep, std::int64_t{8});
    }

    void clippedGradientsAreShort()
    {
        const SampleSource source = noise();
        const auto objective = make("supervised");
        const std::map<std::string, torch::Tensor> before = [&] {
            std::map<std::string, torch::Tensor> copies;
            for (const auto &[name, tensor] : stateOf(*objective))
                copies[name] = tensor.detach().clone();
            return copies;
        }();
        Optimizer optimizer("sgd", {{"lr", 1}, {"momentum", 0}, {"weight_decay", 0}}, groupsOf(*objective));
        Metrics metrics;
        TrainerOptions options;
        options.clipNorm = 0.01;
        Trainer(*objective, source, shuffled(37), optimizer, Schedule("constant", nlohmann::json::object(), 1, 1), options, metrics).run();
        double squares = 0;
        for (const auto &[name, tensor] : stateOf(*objective))
            squares += (tensor - before.at(name)).square().sum().item<double>();
        QVERIFY2(std::abs(std::sqrt(squares) - 0.01) < 1e-4, qPrintable(QString::number(std::sqrt(squares))));
    }

    void lowerPrecisionLearnsToo()
    {
        const SampleSource source = noise();
        std::vector<double> losses;
        for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
            const auto objective = make("supervised");
            Optimizer optimizer("adam", {{"lr", 3e-3}}, groupsOf(*objective));
            Metrics metrics;
            TrainerOptions options;
            options.epochs = 12;
            options.precision = precision;
            losses.push_back(Trainer(*objective, source, shuffled(12), optimizer, Schedule("constant", nlohmann::json::object(), 3, 12), options, metrics).run().lastLoss);
        }
        QVERIFY2(losses[0] < 0.6 && std::abs(losses[0] - losses[1]) < 0.1, qPrintable(QString("%1 %2").arg(losses[0]).arg(losses[1])));
    }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "trainer_test.moc"
