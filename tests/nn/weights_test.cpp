// Weights of files that PyTorch itself wrote (files/make_files.py), weights that go out and come back, and archives that
// mean harm.
#include "core/nn/encoders.h"
#include "core/nn/weights.h"

#include "core/base/error.h"
#include "core/base/torch_archive.h"

#include <QTemporaryDir>
#include <QtTest>

#include <zip.h>

using namespace kino;

namespace {

std::filesystem::path fileOf(const char *name) { return std::filesystem::path(KINOSCOPE_SOURCE_DIR) / "tests/nn/files" / name; }

QString sentenceOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return QString::fromStdString(error.sentence());
    }
    return {};
}

bool holds(const torch::Tensor &tensor, const std::vector<double> &values, torch::IntArrayRef shape, torch::ScalarType type)
{
    return tensor.scalar_type() == type && tensor.sizes() == shape && torch::equal(tensor.to(torch::kFloat64).flatten(), torch::tensor(values, torch::kFloat64));
}

std::string textOf(const std::string &text)
{
    return std::string("X") + static_cast<char>(text.size()) + std::string(3, '\0') + text;
}

std::string wholeNumber(std::uint32_t number)
{
    std::string bytes = "\x8a\x05";
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(number >> (8 * i) & 0xff);
    return bytes + std::string(1, '\0');
}

/** torch._utils._rebuild_tensor_v2 of one storage of floats; `size` and `stride` are of one dimension. */
std::string tensorCall(const std::string &key, std::uint32_t offset, std::uint32_t size, std::uint32_t stride)
{
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + textOf("storage") + "ctorch\nFloatStorage\n" + textOf(key) + textOf("cpu") + wholeNumber(4) + "tQ" + wholeNumber(offset)
           + wholeNumber(size) + "\x85" + wholeNumber(stride) + "\x85\x89}tR";
}

std::string dictOf(const std::string &name, const std::string &value) { return "}" + textOf(name) + value + "s."; }

} // namespace

class WeightsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pytorchsStateDictIsRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("prefix");
        QTest::newRow("state dict") << "state.pt" << "";
        QTest::newRow("Lightning checkpoint with an object of another class beside") << "light.ckpt" << "imu_encoder.";
    }

    void pytorchsStateDictIsRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, prefix);
        const WeightsFile weights = readWeights(fileOf(qPrintable(file)));
        QCOMPARE(weights.format, std::string("pytorch-zip"));
        QCOMPARE(weights.tensors.size(), std::size_t{9});
        const auto at = [&](const char *name) { return weights.tensors.at(prefix.toStdString() + name); };
        QVERIFY(holds(at("a.weight"), {0, 1, 2, 3, 4, 5}, {2, 3}, torch::kFloat32));
        QVERIFY(holds(at("a.bias"), {1.5, -2.5}, {2}, torch::kFloat64));
        QVERIFY(holds(at("n"), {7}, {}, torch::kInt64));
        QVERIFY(holds(at("view"), {5, 7, 9, 10, 12, 14}, {2, 3}, torch::kFloat32));
        QVERIFY(holds(at("t"), {0, 5, 10, 15, 1, 6, 11, 16, 2, 7, 12, 17, 3, 8, 13, 18, 4, 9, 14, 19}, {5, 4}, torch::kFloat32));
        QVERIFY(holds(at("half"), {0.5, 2}, {2}, torch::kFloat16));
        QVERIFY(holds(at("bf"), {0.5, 2}, {2}, torch::kBFloat16));
        QVERIFY(holds(at("bool"), {1, 0}, {2}, torch::kBool));
        QVERIFY(holds(at("p"), {1, 1, 1}, {3}, torch::kFloat32));
    }

    void objectsOfOtherClassesAreRefusedByName()
    {
        QVERIFY(sentenceOf([] { readWeights(fileOf("odd.pt")); }).contains(QStringLiteral("__main__.Odd")));
        const QString module = sentenceOf([] { readWeights(fileOf("module.pt")); });
        QVERIFY2(module.contains(QStringLiteral("state_dict")) && module.contains(QStringLiteral("Linear")), qPrintable(module));
        QVERIFY(!sentenceOf([] { readWeights(fileOf("old.pth")); }).isEmpty());
        QVERIFY(!sentenceOf([] { readWeights("/nonexistent.pt"); }).isEmpty());
    }

    void weightsComeBackAsTheyWent()
    {
        const std::filesystem::path path = m_folder / "weights.safetensors";
        for (const EncoderInfo &info : encoderInfos()) {
            const auto written = makeEncoder(info.name);
            writeWeights(path, *written, {{"encoder", info.name}});
            const WeightsFile file = readWeights(path);
            QCOMPARE(file.format, std::string("safetensors"));
            QCOMPARE(file.metadata.at("encoder"), info.name);
            const auto read = makeEncoder(info.name);
            QVERIFY(loadWeights(file.tensors, *read, "").isWhole());
            const auto before = stateOf(*written);
            for (const auto &[name, tensor] : stateOf(*read))
                QVERIFY2(torch::equal(tensor, before.at(name)), name.c_str());
        }
    }

    void prefixesAreFoundAndTaken()
    {
        const auto encoder = makeEncoder("primus", {{"width", 8}});
        std::map<std::string, torch::Tensor> tensors;
        for (const auto &[name, tensor] : stateOf(*encoder))
            tensors["imu_encoder." + name] = tensor.clone();
        tensors["text_encoder.weight"] = torch::ones({3});
        QCOMPARE(findPrefix(tensors, *encoder), std::string("imu_encoder."));
        const WeightsMatch match = matchWeights(tensors, *encoder, "imu_encoder.");
        QVERIFY(match.isWhole());
        QCOMPARE(match.unexpected, std::vector<std::string>{"text_encoder.weight"});
        QVERIFY(!matchWeights(tensors, *encoder, "").isWhole());
    }

    void whatDoesNotFitIsNamedAndNothingIsChanged()
    {
        const auto encoder = makeEncoder("primus", {{"width", 8}});
        std::map<std::string, torch::Tensor> tensors;
        for (const auto &[name, tensor] : stateOf(*encoder))
            tensors[name] = tensor.detach().clone() + 1;
        tensors.erase("ssl_head.bias");
        tensors["mmcl_head.weight"] = torch::ones({9, 8});
        const WeightsMatch match = matchWeights(tensors, *encoder, "");
        QCOMPARE(match.missing, std::vector<std::string>{"ssl_head.bias"});
        QCOMPARE(match.wrongShape.size(), std::size_t{1});
        QCOMPARE(match.wrongShape[0].found, (std::vector<std::int64_t>{9, 8}));
        const torch::Tensor before = stateOf(*encoder).at("backbone.0.weight").clone();
        const QString why = sentenceOf([&] { loadWeights(tensors, *encoder, ""); });
        QVERIFY2(why.contains(QStringLiteral("ssl_head.bias")) && why.contains(QStringLiteral("[9, 8]")), qPrintable(why));
        QVERIFY(torch::equal(stateOf(*encoder).at("backbone.0.weight"), before));
    }

    void archivesThatMeanHarmAreRefused_data()
    {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const std::string &pickle, const char *says) {
            QTest::newRow(name) << QByteArray(pickle.data(), static_cast<qsizetype>(pickle.size())) << QString::fromLatin1(says);
        };
        const std::string call = "cos\nsystem\n(" + textOf("touch harm") + "tR";
        row("a call instead of a dict", call + ".", "os.system");
        row("a call as a tensor", dictOf("w", call), "os.system");
        row("a tensor builder of another module", dictOf("w", "cbuiltins\neval\n(" + textOf("1") + "tR"), "builtins.eval");
        row("a path as the key of a storage", dictOf("w", tensorCall("../../../etc/passwd", 0, 4, 1)), "bytes");
        row("a storage that is not there", dictOf("w", tensorCall("7", 0, 4, 1)), "lacks");
        row("a terabyte of one number", dictOf("w", tensorCall("0", 0, 0xffffffffu, 0)), "beyond");
        row("a tensor longer than its storage", dictOf("w", tensorCall("0", 0, 5, 1)), "beyond");
        row("a stride out of the storage", dictOf("w", tensorCall("0", 0, 2, 0xffffffffu)), "beyond");
        row("an offset out of the storage", dictOf("w", tensorCall("0", 4, 1, 1)), "beyond");
        row("cut off", "}" + textOf("w").substr(0, 4), "cut off");
        row("nothing to take", std::string("R."), "none");
        row("a mark that is not there", std::string("t."), "mark");
        row("what was never kept", std::string("h\x09."), "recalls");
        row("a text of four gigabytes", std::string("X\xff\xff\xff\xff."), "cut off");
        row("an unknown instruction", std::string("\xfe."), "instruction");
        row("a dict in itself", "}q" + std::string(1, '\0') + textOf("w") + "h" + std::string(1, '\0') + "s.", "deep");
    }

    void archivesThatMeanHarmAreRefused()
    {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, says);
        const QString why = sentenceOf([&] { readTorchArchive(writeArchive(pickle)); });
        QVERIFY2(why.contains(says), qPrintable(why));
        QVERIFY(!std::filesystem::exists("harm"));
    }

    void theSameArchiveWithoutHarmIsRead()
    {
        const std::string pickle = dictOf("w", tensorCall("0", 1, 3, 1));
        const auto tensors = readTorchArchive(writeArchive(QByteArray(pickle.data(), static_cast<qsizetype>(pickle.size()))));
        QCOMPARE(tensors.size(), std::size_t{1});
        QCOMPARE(tensors.at("w").shape, std::vector<std::int64_t>{3});
        QCOMPARE(tensors.at("w").offset, std::int64_t{1});
    }

    void damagedArchivesAreRefused()
    {
        QFile whole(QString::fromStdString(fileOf("state.pt").string()));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        for (qsizetype length : {qsizetype{4}, bytes.size() / 2, bytes.size() - 30}) {
            const auto path = m_folder / "cut.pt";
            QFile cut(QString::fromStdString(path.string()));
            QVERIFY(cut.open(QIODevice::WriteOnly | QIODevice::Truncate));
            cut.write(bytes.left(length));
            cut.close();
            QVERIFY(!sentenceOf([&] { readWeights(path); }).isEmpty());
        }
    }

private:
    /** An archive as torch.save makes it, with this pickle and one storage of four floats. */
    std::filesystem::path writeArchive(const QByteArray &pickle)
    {
        const auto path = m_folder / "archive.pt";
        std::filesystem::remove(path);
        zip_t *archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
        const std::vector<float> storage = {1, 2, 3, 4};
        const auto add = [archive](const char *name, const void *data, std::size_t size) {
            const zip_int64_t index = zip_file_add(archive, name, zip_source_buffer(archive, data, size, 0), 0);
            zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
        };
        add("archive/data.pkl", pickle.constData(), static_cast<std::size_t>(pickle.size()));
        add("archive/data/0", storage.data(), storage.size() * sizeof(float));
        zip_close(archive);
        return path;
    }

    QTemporaryDir m_temporary;
    std::filesystem::path m_folder{m_temporary.path().toStdString()};
};

QTEST_GUILESS_MAIN(WeightsTest)
#include "weights_test.moc"
