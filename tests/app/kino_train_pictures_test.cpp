// kino train on pictures that are computed: the first half of IMG2IMU, small. The same specification gives the same run.
#include "core/base/files.h"
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <QtTest>

using namespace kino;
using test::KinoRun;
using test::runKino;

namespace {

constexpr const char *kSpecification
    = "{ \"data\": { \"source\": \"procedural-images\", \"procedure\": { \"name\": \"dead-leaves\" }, \"count\": 20, \"width\": 32, \"height\": 32 },\n"
      "  \"encoder\": { \"name\": \"resnet18\", \"options\": { \"normalisation\": \"group\" } },\n"
      "  \"objective\": { \"name\": \"moco\", \"options\": { \"queue\": 16 } },\n"
      "  \"train\": { \"epochs\": 2, \"batch\": 8, \"optimizer\": { \"name\": \"sgd\" } } }\n";

} // namespace

class KinoTrainPicturesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void computedPicturesTrainAnEncoder()
    {
        const QString file = QString::fromStdString(m_folder.write("moco.json", kSpecification).string());
        const auto train = [&](const char *name, const QStringList &more) {
            const QString out = QString::fromStdString((m_folder / name).string());
            const KinoRun run = runKino(QStringList{"train", file, "--out", out, "--threads", "1", "-q", "--json"} + more, {.seconds = 200});
            QVERIFY2(run.exitStatus == 0, run.messages.constData());
        };
        train("first", {});
        train("second", {});
        train("other", {"--set", "seed=9"});
        const nlohmann::json first = readJsonFile(m_folder / "first" / "result.json"), second = readJsonFile(m_folder / "second" / "result.json");
        QCOMPARE(first.at("state"), "done");
        QCOMPARE(first.at("windows").at("train"), 20);
        QCOMPARE(first.at("steps"), 4); // two whole batches of 8 in each of two epochs: the queue takes no others
        QCOMPARE(first.at("fingerprint"), second.at("fingerprint"));
        QVERIFY(first.at("fingerprint") != readJsonFile(m_folder / "other" / "result.json").at("fingerprint"));
        QCOMPARE(sha256OfFile(m_folder / "first" / "last.safetensors"), sha256OfFile(m_folder / "second" / "last.safetensors"));
        QVERIFY(readTextFile(m_folder / "first" / "windows.csv").find("dead-leaves,19,,,train") != std::string::npos);
        train("validated", {"--set", "data.validation_share=0.2"});
        QCOMPARE(readJsonFile(m_folder / "validated" / "result.json").at("windows"), (nlohmann::json{{"train", 16}, {"validation", 4}, {"test", 0}}));
        // What the run keeps is itself sound, with the augmentations that pictures have by default.
        const nlohmann::json kept = runKino({"validate", QString::fromStdString((m_folder / "first" / "spec.json").string()), "--json"}).json();
        QCOMPARE(kept.at("sound"), true);
        QCOMPARE(kept.at("specification").at("augment").at(0).at("name"), "image-time-shift");
    }

private:
    test::TemporaryFolder m_folder;
};

QTEST_GUILESS_MAIN(KinoTrainPicturesTest)
#include "kino_train_pictures_test.moc"
