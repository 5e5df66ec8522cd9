// The table of runs: columns, figures, and the filter as a person types it.
#include "core/base/error.h"
#include "core/store/jobs/run_table.h"
#include "core/store/jobs/work.h"
#include "core/store/project.h"
#include "tests/support/test_data.h"

using namespace kino;
namespace fs = std::filesystem;
using Json = nlohmann::json;

class RunTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_path = Project::create(m_folder / "p.kino").folder();
        m_store = std::make_unique<JobStore>(m_path);
        JobWork work(m_path);
        const auto add = [&](const std::string &name, const std::string &encoder, Json clip, int batch, double f1) {
            NewJob job;
            job.name = name;
            job.complete = {{"encoder", {{"name", encoder}}},
                            {"train", {{"batch", batch}, {"clip_norm", std::move(clip)}}},
                            {"augment", {{{"name", "noise"}, {"options", {{"sigma", 0.1}}}}}},
                            {"data", {{"channels", {"accelerometer", "gyroscope"}}, {"joined", batch > 40}}}};
            const JobId id = m_store->submit(job);
            work.takeNext(1);
            work.end(id, {.end = JobEnd::done, .result = {{"metrics", {{"test.macro_f1", f1}}}}, .workedSeconds = 1});
        };
        add("SimCLR \xc3\x89t\xc3\xa9", "primus", nullptr, 32, 0.5);
        add("MoCo", "mw2", 1.5, 64, 0.6);
        add("probe", "primus", 2, 128, 0.7);
        m_store->addTag(std::vector<JobId>{2, 3}, "pilot");
        m_store->star(std::vector<JobId>{3});
    }

    void cleanupTestCase() { m_store.reset(); }

    void columnsComeBackTyped()
    {
        const auto rows = readRunTable(*m_store, {.parameters = {"train.batch", "train.clip_norm", "encoder.name", "data.joined", "augment.0.options.sigma", "data.channels", "nowhere"},
                                                  .metrics = {{"test.macro_f1", MetricFigure::final}, {"train.loss", MetricFigure::last}}});
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].job.name, std::string("probe"));
        QVERIFY(rows[0].parameters[0] == ParameterValue(std::int64_t{128}));
        QVERIFY(rows[1].parameters[1] == ParameterValue(1.5));
        QVERIFY(rows[2].parameters[1] == ParameterValue());
        QVERIFY(rows[0].parameters[2] == ParameterValue(std::string("primus")));
        QVERIFY(rows[0].parameters[3] == ParameterValue(true));
        QVERIFY(rows[0].parameters[4] == ParameterValue(0.1));
        QVERIFY(rows[0].parameters[5] == ParameterValue(std::string("[\"accelerometer\",\"gyroscope\"]")));
        QVERIFY(rows[0].parameters[6] == ParameterValue());
        QVERIFY(rows[0].metrics[0] == std::optional(0.7));
        QVERIFY(!rows[0].metrics[1]);
    }

    void whatDiffersComesFirst()
    {
        const auto columns = parameterColumns(*m_store);
        QCOMPARE(columns[0].differentValues, std::size_t{3});
        QCOMPARE(columns[0].path, std::string("train.batch"));
        QCOMPARE(columns[1].path, std::string("train.clip_norm"));
        QCOMPARE(columns[1].differentValues, std::size_t{3}); // null is one
        const auto two = parameterColumns(*m_store, std::vector<JobId>{1, 3});
        QVERIFY(std::ranges::any_of(two, [](const ParameterColumn &each) { return each.path == "encoder.name" && each.differentValues == 1; }));
        QVERIFY(std::ranges::any_of(two, [](const ParameterColumn &each) { return each.path == "train.batch" && each.differentValues == 2; }));
    }

    void repetitionsDifferBySeedAlone()
    {
        const fs::path path = Project::create(m_folder / "repetitions.kino").folder();
        JobStore store(path);
        const auto add = [&](const char *name, int seed, int epochs, double lr) {
            NewJob job;
            job.name = name;
            job.complete = {{"name", name}, {"seed", seed}, {"encoder", {{"name", "primus"}}}, {"train", {{"epochs", epochs}, {"lr", lr}}}};
            store.submit(job);
        };
        add("one", 1, 8, 0.1);
        add("two", 2, 8, 0.1);
        add("longer", 1, 40, 0.1);
        add("three", 3, 8, 0.1);
        const auto rows = readRunTable(store, {.parameters = {"encoder.name", "seed"}, .withRepetitions = true});
        QCOMPARE(rows.size(), std::size_t{4}); // newest first
        QVERIFY(rows[0].repetition == rows[2].repetition && rows[0].repetition == rows[3].repetition);
        QVERIFY(rows[0].repetition && rows[1].repetition && rows[1].repetition != rows[0].repetition);
        using Pairs = std::vector<std::pair<std::string, std::string>>;
        QCOMPARE(rows[1].tellingApart, (Pairs{{"train.epochs", "40"}}));
        QCOMPARE(rows[3].tellingApart, (Pairs{{"train.epochs", "8"}}));
        // What the table shows needs not to be said again.
        const auto shown = readRunTable(store, {.parameters = {"train.epochs"}, .withRepetitions = true});
        QVERIFY(shown[1].tellingApart.empty());
        QVERIFY(!readRunTable(store, {}).front().repetition);
    }

    void aNameThatNoRunHasIsSaid()
    {
        const auto fault = [&](const char *where) -> std::string {
            try {
                readRunTable(*m_store, {.where = where});
            } catch (const Error &error) {
                return error.what();
            }
            return {};
        };
        QCOMPARE(fault("bananas > 3"), std::string("The filter names \"bananas\": no run has a parameter or metric of that name."));
        QVERIFY(fault("test.macrof1 > 0.5").find("test.macrof1") != std::string::npos);
        QVERIFY(fault("encoder.name = primus and least(train.bananas) < 1").empty()); // of training no run has told anything yet
        QVERIFY(fault("test.macro_f1 > 2 and tag = pilot").empty());
    }

    void theFilterFindsRuns_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("found");
        QTest::newRow("all") << "" << "3 2 1";
        QTest::newRow("text") << "encoder.name = primus" << "3 1";
        QTest::newRow("number") << "train.batch >= 64" << "3 2";
        QTest::newRow("number as a number") << "train.batch = 64.0" << "2";
        QTest::newRow("metric") << "test.macro_f1 > 0.55" << "3 2";
        QTest::newRow("figure") << "final(test.macro_f1) < 0.65" << "2 1";
        QTest::newRow("no such figure") << "least(test.macro_f1) < 9" << "";
        QTest::newRow("and before or") << "train.batch = 32 or encoder.name = primus and train.batch = 128" << "3 1";
        QTest::newRow("brackets") << "(train.batch = 32 or encoder.name = primus) and train.batch = 128" << "3";
        QTest::newRow("not") << "not encoder.name = primus" << "2";
        QTest::newRow("contains, any case") << "name ~ 'simclr \xc3\xa9t\xc3\xa9'" << "1";
        QTest::newRow("quoted") << "name = \"MoCo\"" << "2";
        QTest::newRow("tag") << "tag = pilot" << "3 2";
        QTest::newRow("no tag") << "tag != pilot" << "1";
        QTest::newRow("star") << "star = true" << "3";
        QTest::newRow("null") << "train.clip_norm = null" << "1";
        QTest::newRow("without the value") << "train.clip_norm != 2" << "2 1";
        QTest::newRow("state") << "state=done and id<3" << "2 1";
        QTest::newRow("flag") << "data.joined = false" << "1";
    }

    void theFilterFindsRuns()
    {
        QFETCH(QString, where);
        QFETCH(QString, found);
        QStringList ids;
        for (const RunTableRow &row : readRunTable(*m_store, {.where = where.toStdString()}))
            ids << QString::number(row.job.id);
        QCOMPARE(ids.join(' '), found);
    }

    void aFilterThatIsNoneIsSaid_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("words");
        QTest::newRow("no sign") << "state done" << "\"done\" at character 7";
        QTest::newRow("no value") << "state =" << "a value";
        QTest::newRow("no end") << "name = \"x" << "character 8";
        QTest::newRow("open bracket") << "(state = done" << "closing bracket";
        QTest::newRow("rest") << "state = done state = done" << "and, or";
        QTest::newRow("nothing but or") << "or" << "ends";
        QTest::newRow("deep") << QString(100'000, '(') << "brackets";
        QTest::newRow("deep not") << QString("not ").repeated(100'000) << "brackets";
    }

    void aFilterThatIsNoneIsSaid()
    {
        QFETCH(QString, where);
        QFETCH(QString, words);
        try {
            const RunFilter filter(where.toStdString());
            QFAIL("it was taken");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains(words), error.what());
        }
    }

private:
    test::TemporaryFolder m_folder;
    fs::path m_path;
    std::unique_ptr<JobStore> m_store;
};

QTEST_GUILESS_MAIN(RunTableTest)
#include "run_table_test.moc"
