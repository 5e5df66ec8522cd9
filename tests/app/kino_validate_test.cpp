// kino validate, as a person calls it: sound or every mistake, --set, comments, the schema for programs.
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <QtTest>

using namespace kino;
using test::KinoRun;
using test::runKino;

namespace {

constexpr const char *kSpecification = "// what it is for\n"
                                       "{ \"kinoscope\": 1, \"name\": \"phone\",\n"
                                       "  \"data\": { \"recordings\": [\"*.csv\"], \"window\": { \"seconds\": 2.5, \"label\": { \"policy\": \"majority\" } } },\n"
                                       "  \"encoder\": { \"name\": \"primus\" }, /* of PRIMUS */\n"
                                       "  \"objective\": { \"name\": \"supervised\" } }\n";

} // namespace

class KinoValidateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_file = QString::fromStdString(m_folder.write("spec.json", kSpecification).string()); }

    void aSoundSpecificationIsSummedUp()
    {
        const KinoRun run = runKino({"validate", m_file});
        QCOMPARE(run.exitStatus, 0);
        QVERIFY(run.output.startsWith("sound\nphone\n"));
        QVERIFY(run.output.contains("2.5 s of accelerometer, gyroscope at 50 Hz (125 samples)"));
        QVERIFY(run.output.contains("20 epochs of batches of 64, adam at 0.0002"));
        // No recordings lie there: a warning, which --quiet silences.
        QCOMPARE(run.messages, "kino: " + m_file.toUtf8() + ": data.recordings.0: no file matches \"*.csv\" yet; paths count from the specification's folder (a warning)\n");
        QVERIFY(runKino({"validate", m_file, "-q"}).messages.isEmpty());
    }

    void everyMistakeIsALineOnStderr()
    {
        const KinoRun run = runKino({"validate", m_file, "--set", "train.bach=3", "--set", "encoder.name=mw2", "--set", "seed=x", "-q"});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY(run.output.isEmpty());
        const QList<QByteArray> lines = run.messages.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith("kino: " + m_file.toUtf8() + ": seed: must be a whole number"));
        QVERIFY(lines[1].contains("data.window.seconds: 2.5 s at 50 Hz are 125 samples, but the encoder mw2 takes 978 to 1004 samples"));
        QVERIFY(lines[2].contains("train.bach: is unknown; did you mean \"batch\"?"));
    }

    void programsGetJson()
    {
        const nlohmann::json sound = runKino({"validate", m_file, "--json", "--set", "train.batch=32"}).json();
        QCOMPARE(runKino({"validate", "--set", "train.batch=32", "--set", "seed=3", m_file, "--json"}).json().at("specification").at("seed"), 3);
        QCOMPARE(sound.at("sound"), true);
        QVERIFY(sound.at("errors").empty());
        QCOMPARE(sound.at("warnings").at(0).at("path"), "data.recordings.0");
        QCOMPARE(sound.at("specification").at("train").at("batch"), 32);
        QCOMPARE(sound.at("specification").at("train").at("optimizer").at("options").at("lr"), 2e-4);
        const KinoRun faulty = runKino({"validate", m_file, "--json", "--set", "train.batch=0"});
        QCOMPARE(faulty.exitStatus, 1);
        QCOMPARE(faulty.json().at("sound"), false);
        QCOMPARE(faulty.json().at("errors").at(0).at("path"), "train.batch");
        QVERIFY(!faulty.json().contains("specification"));
    }

    void theSchemaIsForFormsOfOthers()
    {
        const nlohmann::json schema = runKino({"validate", "--schema", "--json"}).json();
        const nlohmann::json parameters = schema.at("kinds").at("train").at("parameters");
        const auto batch = std::ranges::find(parameters, "train.batch", [](const nlohmann::json &each) { return each.at("path").get<std::string>(); });
        QVERIFY(batch != parameters.end());
        QCOMPARE(batch->at("type"), "whole");
        QCOMPARE(batch->at("default"), 64);
        QCOMPARE(batch->at("least"), 1);
        QCOMPARE(batch->at("group"), "Training");
        QVERIFY(runKino({"validate", "--documentation"}).output.startsWith("# The specification of a job\n"));
        QVERIFY(runKino({"validate", "--schema"}).output.contains("  train.batch "));
        QVERIFY(runKino({"validate", "--help"}).output.contains("  data.window.seconds "));
    }

    void brokenFilesAreAnsweredWithTheirPlace()
    {
        const auto refused = [this](const char *content, const char *wanted) {
            const QString file = QString::fromStdString(m_folder.write("broken.json", content).string());
            const KinoRun run = runKino({"validate", file});
            QCOMPARE(run.exitStatus, 1);
            QVERIFY2(run.messages.contains(wanted), run.messages.constData());
            QCOMPARE(run.messages.count('\n'), 1);
        };
        refused("{\n \"kinoscope\": 1,\n \"seed\": }\n", "broken.json:3: is not valid JSON");
        refused("{ \"seed\": 1e999 }", "holds a number that is too large");
        refused("[]", "specification: must be an object");
        refused("", "is not valid JSON");
        QCOMPARE(runKino({"validate", "/no/such/file.json"}).exitStatus, 1);
        QCOMPARE(runKino({"validate"}).exitStatus, 2);
        QCOMPARE(runKino({"validate", m_file, "--set", "train.batch"}).exitStatus, 1);
    }

    void whatIsSoundCanBeCut()
    {
        // Keys that do not concern windows do not disturb `kino windows`, and what it cuts is what the specification says.
        const QString out = QString::fromStdString((m_folder / "people").string());
        QCOMPARE(runKino({"simulate", "--out", out, "--subjects", "2", "--minutes", "1", "--video", "none", "-q"}).exitStatus, 0);
        const char *content = "{ \"data\": { \"recordings\": [\"people/s*/s??_??.csv\"], \"sampler\": {\"name\": \"balanced\"}, \"split\": null,"
                              "  \"window\": { \"seconds\": 2.5, \"label\": { \"tier\": \"activity\", \"policy\": \"full\" } } },"
                              "  \"encoder\": { \"name\": \"primus\" }, \"objective\": { \"name\": \"supervised\" } }";
        const QString file = QString::fromStdString(m_folder.write("cut.json", content).string());
        const KinoRun validated = runKino({"validate", file});
        QCOMPARE(validated.exitStatus, 0);
        QVERIFY(validated.messages.isEmpty());
        const nlohmann::json windows = runKino({"windows", file, "--json"}).json();
        QCOMPARE(windows.at("recordings"), 2);
        QCOMPARE(windows.at("samples"), 125);
        QVERIFY(windows.at("windows") > 10);
    }

private:
    test::TemporaryFolder m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(KinoValidateTest)
#include "kino_validate_test.moc"
