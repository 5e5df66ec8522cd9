// Files of embeddings: written and read again, as a Python script writes them, and broken in every way.
#include "core/data/dataset/embedding_file.h"

#include "core/base/error.h"
#include "core/base/safetensors.h"

#include <QTemporaryDir>
#include <QtTest>

#include <limits>

using namespace kino;

class EmbeddingFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead()
    {
        const std::vector<float> vectors = {1, 2, 3, 4, 5, 6};
        const std::vector<EmbeddingRow> rows = {{0, 500, 1, 0}, {1, 0, -1, -1}, {0, 1000, 0, 0}};
        EmbeddingFile::write(path("three.safetensors"), vectors, 2, rows, {"walk", "run"}, {"sit", "stand"}, {"s1"});
        const EmbeddingFile file = EmbeddingFile::open(path("three.safetensors"));
        QCOMPARE(file.width(), std::size_t{2});
        QCOMPARE(file.recordings(), (std::vector<std::string>{"walk", "run"}));
        QCOMPARE(file.labels(), (std::vector<std::string>{"sit", "stand"}));
        QCOMPARE(file.rows().size(), std::size_t{3});
        QCOMPARE(file.rows()[0].label, 1);
        QCOMPARE(file.rows()[1].subject, -1);
        QCOMPARE(file.vector(2)[1], 6.0F);
    }

    void rowsAreFoundByTheNearestBegin()
    {
        const std::vector<float> vectors = {1, 2, 3, 4};
        const std::vector<EmbeddingRow> rows = {{0, 0}, {0, 1000}, {0, 1100}, {1, 1000}};
        EmbeddingFile::write(path("found.safetensors"), vectors, 1, rows, {"a", "b"});
        const EmbeddingFile file = EmbeddingFile::open(path("found.safetensors"));
        QCOMPARE(file.find("a", 1000, 0), std::optional<std::size_t>(1));
        QCOMPARE(file.find("a", 1040, 100), std::optional<std::size_t>(1));
        QCOMPARE(file.find("a", 1060, 100), std::optional<std::size_t>(2));
        QCOMPARE(file.find("b", 1000, 10), std::optional<std::size_t>(3));
        QVERIFY(!file.find("a", 500, 100));
        QVERIFY(!file.find("b", 0, 100));
        QVERIFY(!file.find("c", 1000, 100));
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("broken");
        QTest::addColumn<QString>("words");
        QTest::newRow("no vectors") << "vectors" << "lacks the tensor \"vectors\"";
        QTest::newRow("no begin") << "start" << "lacks the tensor \"start_ns\"";
        QTest::newRow("too few begins") << "count" << "2 vectors and 1 rows";
        QTest::newRow("unknown recording") << "recording" << "the recording 7 of 1";
        QTest::newRow("no number") << "nan" << "no number";
        QTest::newRow("twice") << "twice" << "twice";
        QTest::newRow("names that are none") << "names" << "no JSON list of names";
        QTest::newRow("labels without names") << "labels" << "the label 0 of 0";
    }

    void whatIsWrongIsSaid()
    {
        QFETCH(QString, broken);
        QFETCH(QString, words);
        const std::string file = path("broken.safetensors");
        std::vector<float> vectors = {1, 2};
        std::vector<std::int64_t> recording = {0, broken == "recording" ? 7 : 0}, start = {0, broken == "twice" ? 0 : 5}, label = {0, 0};
        if (broken == "nan")
            vectors[1] = std::numeric_limits<float>::quiet_NaN();
        const auto whole = [](const std::vector<std::int64_t> &values, std::int64_t count) {
            return TensorView{"I64", {count}, std::as_bytes(std::span(values).first(static_cast<std::size_t>(count)))};
        };
        std::map<std::string, TensorView> tensors{{"recording", whole(recording, 2)}};
        if (broken != "vectors")
            tensors["vectors"] = {"F32", {2, 1}, std::as_bytes(std::span(vectors))};
        if (broken != "start")
            tensors["start_ns"] = whole(start, broken == "count" ? 1 : 2);
        if (broken == "labels")
            tensors["label"] = whole(label, 2);
        writeSafetensors(file, tensors, {{"recordings", broken == "names" ? "a" : "[\"a\"]"}});
        try {
            EmbeddingFile::open(file);
            QFAIL("a broken file was read");
        } catch (const Error &error) {
            QVERIFY2(std::string(error.what()).find(words.toStdString()) != std::string::npos, error.what());
        }
    }

private:
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(EmbeddingFileTest)
#include "embedding_file_test.moc"
