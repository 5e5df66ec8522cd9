#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "core/media/image_io.h"
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <map>

using namespace kino::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

QString text(const fs::path &path) { return QString::fromStdString(path.string()); }

Json windowSpec(const fs::path &pattern, const Json &split)
{
    Json data;
    data["recordings"] = {pattern.string()};
    data["devices"] = {"phone"};
    data["channels"] = {"accelerometer", "gyroscope"};
    data["rate_hz"] = 50;
    data["window"]
        = {{"seconds", 2.5}, {"stride_seconds", 0.625}, {"label", {{"policy", "majority"}, {"minimum", 0.5}}}};
    data["split"] = split;
    return {{"kinoscope", 1}, {"kind", "train"}, {"seed", 7}, {"data", data}, {"encoder", {{"name", "primus"}}}};
}

} // namespace

class KinoWindowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The phone of all 155 executions. Numbers of a Python script over the csv files alone (times, labels, this stride
    // and policy; exact integers): no other code of this project.
    void windowsOfRealRecordingsAreCounted()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        const Json split{{"by", "subject"}, {"validation", {"s14"}}, {"test", {"s15", "s16"}}};
        const fs::path spec
            = folder.write("spec.json", windowSpec(testDataFolder() / "sp_sw_har/s*/*.csv", split).dump());
        const KinoRun run = runKino({"windows", text(spec), "--json", "--out", text(folder / "pictures")});
        QVERIFY2(run.exitStatus == 0, run.messages);
        const Json document = run.json();
        QCOMPARE(document.at("recordings").get<int>(), 155);
        QCOMPARE(document.at("samples").get<int>(), 125);
        QCOMPARE(document.at("windows").get<int>(), 1841);
        std::map<std::string, int> byLabel;
        std::map<std::string, std::string> partOf;
        for (const Json &line : document.at("classes")) {
            byLabel[line.at("label")] += line.at("windows").get<int>();
            const auto [known, isNew] = partOf.try_emplace(line.at("subject"), line.at("split"));
            QVERIFY(known->second == line.at("split")); // a subject is in one part only
            QVERIFY(line.at("bouts").get<int>() >= 1 && line.at("bouts").get<int>() <= line.at("windows").get<int>());
        }
        QCOMPARE(
            byLabel,
            (std::map<std::string, int>{
                {"SEATED", 36}, {"SITTING_DOWN", 180}, {"STANDING_UP", 119}, {"TURNING", 199}, {"WALKING", 1307}}));
        QCOMPARE(partOf.at("s15"), std::string("test"));
        QCOMPARE(partOf.at("s14"), std::string("validation"));
        QCOMPARE(partOf.at("s01"), std::string("train"));
        std::map<std::string, int> dropped;
        for (const Json &one : document.at("dropped"))
            dropped[one.at("reason")] = one.at("windows");
        QCOMPARE(dropped, (std::map<std::string, int>{{"mixed-label", 329}, {"beyond-end", 611}, {"gap", 85}}));
        // Two fields of three channels, six windows.
        const kino::Image picture = kino::readImage(folder / "pictures/STANDING_UP.png");
        QCOMPARE(picture.width, 2 * 486 + 6);
        QCOMPARE(picture.height, 6 * 126 + 6);
        QVERIFY(runKino({"windows", text(spec)})
                    .output.contains("1841 windows of 125 samples at 50 Hz from 155 recordings"));
    }

    // Two persons, and one of their files once more under a third name; which windows and classes train is given by a table.
    void leakageMissingClassesAndShotsAreSaid()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        for (const char *subject : {"s01", "s02"})
            fs::copy(testDataFolder() / "sp_sw_har" / subject, folder / subject, fs::copy_options::recursive);
        fs::create_directories(folder / "s30");
        fs::copy_file(folder / "s01/s01_02_sp.csv", folder / "s30/s30_09_sp.csv");
        const fs::path spec
            = folder.write("spec.json", windowSpec("s*/*.csv", Json{{"by", "leave-one-subject-out"}, {"test", "s30"}}).dump());
        const KinoRun run = runKino({"windows", "--shots", "1,5", text(spec), "--json", "--table", text(folder / "windows.csv")});
        QVERIFY2(run.exitStatus == 0, run.messages);
        const Json document = run.json();
        const Json &leakage = document.at("leakage");
        QCOMPARE(leakage.at("clean").get<bool>(), false);
        QCOMPARE(leakage.at("identical_recordings").size(), std::size_t{1});
        QCOMPARE(leakage.at("identical_recordings")[0].at("splits"), (Json{"train", "test"}));
        QVERIFY(leakage.at("shared_subjects").empty() && leakage.at("pretrained_on_test_subjects").empty());
        QCOMPARE(leakage.at("overlapping_windows").get<int>(), 0);
        QVERIFY(document.at("missing_in_training").empty());
        QCOMPARE(document.at("shots").size(), std::size_t{2});
        for (const Json &one : document.at("shots")[0].at("classes"))
            QVERIFY(one.at("windows") == 1 && one.at("bouts") == 1);
        // Shots of the specification itself.
        Json few = windowSpec("s0*/*.csv", Json{{"by", "subject"}, {"test", {"s02"}}});
        few["data"]["shots"] = {{"per_class", 2}, {"count", "bouts"}};
        few["data"]["sampler"] = {{"name", "balanced"}};
        const Json shots = runKino({"windows", text(folder.write("few.json", few.dump())), "--json"}).json().at("shots");
        QVERIFY(shots.size() == 1 && shots[0].at("unit") == "bouts");
        QVERIFY2(shots[0].at("classes").back().at("label") == "WALKING" && shots[0].at("classes").back().at("bouts") == 2, shots.dump().c_str());
        // The same windows, but only WALKING trains and only TURNING of the same recordings tests.
        const std::string table = kino::readTextFile(folder / "windows.csv");
        std::string changed;
        std::size_t rows = 0;
        for (const QByteArray &line : QByteArray::fromStdString(table).split('\n')) {
            if (line.startsWith("recording,") || line.contains(",WALKING,s01,train"))
                changed += line.toStdString() + "\n";
            else if (line.contains(",TURNING,s01,train"))
                changed += QByteArray(line).replace(",train,", ",test,").toStdString() + "\n";
            else
                continue;
            ++rows;
        }
        folder.write("changed.csv", changed);
        const fs::path given = folder.write("given.json", windowSpec("s0*/*.csv", Json{{"file", "changed.csv"}}).dump());
        const Json again = runKino({"windows", text(given), "--json"}).json();
        QCOMPARE(again.at("windows").get<std::size_t>(), rows - 1);
        QCOMPARE(again.at("missing_in_training"), (Json{"TURNING"}));
        QCOMPARE(again.at("leakage").at("shared_subjects"), (Json{"s01"}));
        QVERIFY(again.at("leakage").at("overlapping_windows").get<int>() > 0);
        const QByteArray said = runKino({"windows", text(given)}).output;
        QVERIFY2(said.contains("class TURNING") && said.contains("overlap in time") && said.contains("1 subject is"), said);
    }

    // A slip in data.labels, weights that have seen who tests, and a split set on the command line.
    void whatCouldBeOverlookedIsSaid()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        for (const char *subject : {"s01", "s02"})
            fs::copy(testDataFolder() / "sp_sw_har" / subject, folder / subject, fs::copy_options::recursive);
        const std::vector<float> weight{1};
        kino::writeSafetensors(folder / "weights.safetensors", {{"w", {"F32", {1}, std::as_bytes(std::span(weight))}}},
                               {{"pretrained_subjects", Json{"s02", "s99"}.dump()}});
        Json spec = windowSpec("s0*/*.csv", Json{{"by", "subject"}, {"test", {"s01"}}});
        spec["data"]["labels"] = {{"WALKNG", "walk"}, {"SEATED", nullptr}};
        spec["encoder"]["weights"] = "weights.safetensors";
        const QString path = text(folder.write("spec.json", spec.dump()));
        Json document = runKino({"windows", path, "--json"}).json();
        QCOMPARE(document.at("notes"), (Json{"data.labels: no annotation says \"WALKNG\"; did you mean \"WALKING\"?"}));
        QVERIFY(document.at("leakage").at("clean").get<bool>());
        document = runKino({"windows", "--set", "data.split.test=[\"s02\"]", path, "--set", "data.labels.WALKNG=null", "--json"}).json();
        QCOMPARE(document.at("leakage").at("pretrained_on_test_subjects"), (Json{"s02"}));
        QVERIFY(runKino({"windows", path, "--set", "data.split.test=s02"}).output.contains("The starting weights have been trained on subjects that test: s02."));
        fs::remove(folder / "weights.safetensors");
        const KinoRun none = runKino({"windows", path});
        QVERIFY2(none.exitStatus == 1 && none.messages.contains("weights.safetensors"), none.messages);
    }

    void vectorsAreCounted()
    {
        const TemporaryFolder folder;
        const std::vector<float> vectors(5 * 3, 0.5F);
        const std::vector<std::int64_t> recording{0, 0, 1, 1, 1}, start{0, 10, 0, 10, 20}, label{0, 1, 1, 0, 1}, subject{0, 0, 1, 1, 1};
        const auto whole = [](const std::vector<std::int64_t> &values) { return kino::TensorView{"I64", {5}, std::as_bytes(std::span(values))}; };
        kino::writeSafetensors(folder / "vectors.safetensors",
                               {{"vectors", {"F32", {5, 3}, std::as_bytes(std::span(vectors))}},
                                {"recording", whole(recording)},
                                {"start_ns", whole(start)},
                                {"label", whole(label)},
                                {"subject", whole(subject)}},
                               {{"recordings", Json{"a.csv", "b.csv"}.dump()}, {"labels", Json{"walk", "run"}.dump()}, {"subjects", Json{"ann", "bob"}.dump()}});
        Json spec;
        spec["seed"] = 1;
        spec["data"] = {{"source", "embeddings"}, {"vectors", "vectors.safetensors"}, {"split", {{"by", "subject"}, {"test", {"bob"}}}}};
        const QString path = text(folder.write("spec.json", spec.dump()));
        const Json document = runKino({"windows", path, "--json"}).json();
        QCOMPARE(document.at("windows").get<int>(), 5);
        QCOMPARE(document.at("width").get<int>(), 3);
        std::map<std::string, int> counts;
        for (const Json &line : document.at("classes"))
            counts[line.at("label").get<std::string>() + "/" + line.at("split").get<std::string>()] = line.at("windows");
        QCOMPARE(counts, (std::map<std::string, int>{{"run/test", 2}, {"run/train", 1}, {"walk/test", 1}, {"walk/train", 1}}));
        QVERIFY(runKino({"windows", path}).output.contains("5 vectors of 3 values from 2 recordings"));
        const KinoRun refused = runKino({"windows", path, "--table", text(folder / "t.csv")});
        QVERIFY2(refused.exitStatus == 1 && refused.messages.contains("--table"), refused.messages);
    }

    void picturesAreCountedAndShown()
    {
        const TemporaryFolder folder;
        Json spec;
        spec["data"] = {{"source", "procedural-images"}, {"procedure", {{"name", "fractals"}}}, {"count", 50'000'000}, {"width", 32}, {"height", 32}};
        const KinoRun run = runKino({"windows", text(folder.write("spec.json", spec.dump())), "--json", "--out", text(folder / "out")});
        QVERIFY2(run.exitStatus == 0, run.messages);
        QCOMPARE(run.json().at("pictures").get<int>(), 50'000'000);
        QCOMPARE(kino::readImage(folder / "out/pictures.png").width, 8 * 36 + 4);
        spec["data"] = {{"source", "images"}, {"images", "out"}};
        folder.write("out/broken.png", "text");
        const KinoRun images = runKino({"windows", text(folder.write("spec.json", spec.dump())), "--json"});
        QCOMPARE(images.exitStatus, 3);
        QCOMPARE(images.json().at("pictures").get<int>(), 1);
        QVERIFY(images.messages.contains("broken.png") && images.json().at("errors").size() == 1);
    }

    void mistakesAreSaidTogether()
    {
        const TemporaryFolder folder;
        Json spec = windowSpec("none/*.csv", Json{{"by", "planet"}});
        spec["data"]["rate_hz"] = "fast";
        const KinoRun run
            = runKino({"windows", text(folder.write("spec.json", "// comments are fine\n" + spec.dump())), "--json"});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("data.rate_hz: must be a number"), run.messages);
        QVERIFY2(run.messages.contains("data.split.by: must be one of: leave-one-subject-out, recording, subject"), run.messages);
        const Json sound = windowSpec("none/*.csv", Json{{"by", "subject"}});
        const KinoRun none = runKino({"windows", text(folder.write("spec.json", sound.dump()))});
        QCOMPARE(none.exitStatus, 1);
        QVERIFY2(none.messages.contains("no file matches \"none/*.csv\""), none.messages);
    }
};

QTEST_GUILESS_MAIN(KinoWindowsTest)
#include "kino_windows_test.moc"
