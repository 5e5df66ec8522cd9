// Runs side by side: what differs, what repeats.
#include "core/insight/run_comparison.h"

#include <QtTest>

using namespace kino;

class RunComparisonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatDiffersComesFirst();
    void aStudysBaseIsComparedWithRuns();
    void seedsAndNamesMakeNoDifferenceBetweenRepetitions();
};

void RunComparisonTest::whatDiffersComesFirst()
{
    const std::vector<RunParameters> runs{{{"kind", "train"}, {"encoder.name", "mw2"}, {"train.epochs", "8"}}, {{"kind", "train"}, {"encoder.name", "primus"}, {"train.epochs", "8"}, {"encoder.options.width", "512"}}};
    const std::vector<ComparedParameter> lines = compareParameters(runs);
    const std::vector<ComparedParameter> wanted{{"encoder.name", {"mw2", "primus"}, true}, {"encoder.options.width", {"", "512"}, true}, {"kind", {"train", "train"}, false}, {"train.epochs", {"8", "8"}, false}};
    QCOMPARE(lines, wanted);
}

void RunComparisonTest::aStudysBaseIsComparedWithRuns()
{
    const std::vector<RunParameters> runs{{{"kind", "train"}, {"name", "one"}, {"train.epochs", "8"}},
                                          {{"kind", "study"}, {"name", "many"}, {"base.kind", "train"}, {"base.name", "each"}, {"base.train.epochs", "8"}, {"folds", "4"}}};
    const std::vector<ComparedParameter> lines = compareParameters(runs);
    const std::vector<ComparedParameter> wanted{{"kind", {"train", "study"}, true}, {"name", {"one", "many"}, true}, {"folds", {"", "4"}, true}, {"train.epochs", {"8", "8"}, false}};
    QCOMPARE(lines, wanted);
}

void RunComparisonTest::seedsAndNamesMakeNoDifferenceBetweenRepetitions()
{
    const auto run = [](const char *name, const char *seed, const char *epochs) { return RunParameters{{"name", name}, {"seed", seed}, {"train.epochs", epochs}}; };
    const std::vector<RunParameters> runs{run("one", "1", "8"), run("other", "2", "8"), run("one", "1", "40"), run("third", "3", "8")};
    QCOMPARE(findRepetitions(runs), (std::vector<std::vector<std::size_t>>{{0, 1, 3}, {2}}));
}

QTEST_GUILESS_MAIN(RunComparisonTest)
#include "run_comparison_test.moc"
