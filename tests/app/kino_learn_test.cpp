// The commands that learn, as a person calls them: numbers of methods 6.1 and 6.2 through files, and answers to nonsense.
#include "core/base/npy.h"
#include "core/base/safetensors.h"
#include "tests/support/run_kino.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <map>

using namespace kino;
using test::KinoRun;
using test::runKino;

class KinoLearnTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        std::vector<double> s, t;
        for (int i = 0; i < 4; ++i) {
            for (int j = 0; j < 6; ++j) {
                s.push_back(std::sin(0.7 * i + 0.3 * j * j + 0.1));
                t.push_back(std::cos(0.5 * i - 0.2 * j + 0.3 * i * j));
            }
        }
        writeNpy<double>(file("s.npy").toStdString(), s, {4, 6});
        writeNpy<double>(file("t.npy").toStdString(), t, {4, 6});
        writeNpy<std::int64_t>(file("mask.npy").toStdString(), std::vector<std::int64_t>{1, 1, 0, 1}, {4});
        std::vector<double> queue;
        for (int k = 0; k < 5; ++k) {
            double squares = 0;
            for (int j = 0; j < 6; ++j)
                squares += std::pow(std::sin(0.5 * k - 0.8 * j + 0.2), 2);
            for (int j = 0; j < 6; ++j)
                queue.push_back(std::sin(0.5 * k - 0.8 * j + 0.2) / std::sqrt(squares));
        }
        writeNpy<double>(file("queue.npy").toStdString(), queue, {5, 6});
    }

    void encodersAreListed()
    {
        const nlohmann::json encoders = runKino({"encoders", "--json"}).json().at("encoders");
        QCOMPARE(encoders.size(), std::size_t{10});
        QCOMPARE(encoders[0].at("name"), "mw2");
        QCOMPARE(encoders[0].at("input"), (nlohmann::json{6, 1000}));
        QCOMPARE(encoders[0].at("input_min"), 978);
        QCOMPARE(encoders[0].at("input_max"), 1004);
        QCOMPARE(encoders[0].at("parameters"), 850'892);
        QVERIFY(encoders[1].at("input_max").is_null());
        QVERIFY(runKino({"encoders"}).output.contains("attention-pooled"));
    }

    void lossesGiveTheReferencesNumbers_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<double>("wanted");
        QTest::newRow("infonce") << QStringList{"infonce"} << 2.75825686948;
        QTest::newRow("rows") << QStringList{"infonce", "--set", "directions=rows"} << 1.68911367394;
        QTest::newRow("mask") << QStringList{"infonce", "--mask", file("mask.npy")} << 2.11127608298;
        QTest::newRow("nt-xent") << QStringList{"nt-xent", "--set", "reduction=mean"} << 3.99350323407;
        QTest::newRow("moco") << QStringList{"moco", "--queue", file("queue.npy"), "--set", "temperature=0.07"} << 2.99133619247;
        QTest::newRow("rkd") << QStringList{"rkd"} << 2.49397840247;
        QTest::newRow("attention") << QStringList{"attention-transfer", "--set", "mode=as-run", "--set", "p=5"} << 0.0189838423322;
        QTest::newRow("triplet") << QStringList{"triplet"} << 1.00173747825;
    }

    void lossesGiveTheReferencesNumbers()
    {
        QFETCH(QStringList, arguments);
        QFETCH(double, wanted);
        const QString name = arguments.takeFirst();
        const KinoRun run = runKino(QStringList{"loss", name, file("s.npy"), file("t.npy"), "--json"} + arguments);
        QCOMPARE(run.exitStatus, 0);
        const nlohmann::json document = run.json();
        QVERIFY2(std::abs(document.at("loss").get<double>() - wanted) < 1e-9, run.output.constData());
        QVERIFY(document.at("gradient_norm")[0].get<double>() > 0);
        const bool teaches = name != "infonce" && name != "nt-xent" && name != "triplet";
        QCOMPARE(document.at("gradient_norm")[1].get<double>() == 0, teaches);
    }

    void lossesAreListed()
    {
        const nlohmann::json losses = runKino({"losses", "--json"}).json().at("losses");
        QCOMPARE(losses.size(), std::size_t{16});
        QCOMPARE(losses[0].at("options").at("temperature").at("default"), 0.1);
    }

    void windowsAreEncodedAsTheReferenceDoes()
    {
        // MW2 with the weights and the input of methods 6.2.
        const std::map<std::string, std::vector<std::int64_t>> shapes = {
            {"net.0.bias", {6}},           {"net.0.weight", {6}},          {"net.1.net.0.weight", {32, 6, 10}}, {"net.2.net.0.weight", {32, 32, 5}},
            {"net.3.net.0.weight", {32, 32, 5}}, {"net.4.bias", {32}},     {"net.4.weight", {32}},              {"net.5.bias_hh_l0", {1536}},
            {"net.5.bias_ih_l0", {1536}},  {"net.5.weight_hh_l0", {1536, 512}}, {"net.5.weight_ih_l0", {1536, 32}}};
        std::map<std::string, std::vector<double>> values;
        std::map<std::string, TensorView> views;
        double number = 0;
        for (const auto &[name, shape] : shapes) {
            std::int64_t count = 1;
            for (const std::int64_t size : shape)
                count *= size;
            for (std::int64_t k = 0; k < count; ++k)
                values[name].push_back(0.1 * std::sin(0.37 * static_cast<double>(k) + number));
            views["imu_encoder." + name] = {"F64", shape, std::as_bytes(std::span<const double>(values[name]))};
            ++number;
        }
        writeSafetensors(file("mw2.safetensors").toStdString(), views);
        std::vector<float> input;
        for (int c = 0; c < 6; ++c) {
            for (int t = 0; t < 1000; ++t)
                input.push_back(static_cast<float>(std::sin(0.01 * (c + 1) * t) + 0.1 * c));
        }
        writeNpy<float>(file("x.npy").toStdString(), input, {1, 6, 1000});
        const KinoRun run = runKino({"encode", "--encoder", "mw2", "--weights", file("mw2.safetensors"), "--in", file("x.npy"), "--out", file("z.npy"), "--double", "--json"});
        QVERIFY2(run.exitStatus == 0, run.messages.constData());
        const NpyArray embeddings = NpyArray::open(file("z.npy").toStdString());
        QCOMPARE(embeddings.shape(), (std::vector<std::int64_t>{1, 512}));
        const Column<double> first = embeddings.column<double>();
        // The input was rounded to float.
        QVERIFY2(std::abs(first[0] - 0.550394180) < 1e-6, qPrintable(QString::number(first[0], 'g', 12)));
        QVERIFY(std::abs(first[511] + 0.603584081) < 1e-6);

        const nlohmann::json fits = runKino({"weights", file("mw2.safetensors"), "--encoder", "mw2", "--json"}).json();
        QCOMPARE(fits.at("format"), "safetensors");
        QCOMPARE(fits.at("tensors").size(), std::size_t{11});
        QCOMPARE(fits.at("matched").size(), std::size_t{11});
        QCOMPARE(fits.at("prefix"), "imu_encoder.");
        const nlohmann::json narrow = runKino({"weights", file("mw2.safetensors"), "--encoder", "mw2", "--set", "width=128", "--json"}).json();
        QCOMPARE(narrow.at("wrong_shape").size(), std::size_t{4});
        QCOMPARE(narrow.at("missing").size(), std::size_t{0});
    }

    void nonsenseGetsASentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("loss") << QStringList{"loss", "infonces", file("s.npy"), file("t.npy")} << QByteArray("infonce, nt-xent");
        QTest::newRow("option") << QStringList{"loss", "triplet", file("s.npy"), file("t.npy"), "--set", "margins=1"} << QByteArray("margin");
        QTest::newRow("number") << QStringList{"loss", "infonce", file("s.npy"), file("t.npy"), "--set", "temperature=0"} << QByteArray("temperature");
        QTest::newRow("queue") << QStringList{"loss", "moco", file("s.npy"), file("t.npy")} << QByteArray("queue");
        QTest::newRow("mask elsewhere") << QStringList{"loss", "pkt", file("s.npy"), file("t.npy"), "--mask", file("mask.npy")} << QByteArray("mask");
        QTest::newRow("shapes") << QStringList{"loss", "infonce", file("s.npy"), file("queue.npy")} << QByteArray("[4, 6] and [5, 6]");
        QTest::newRow("no file") << QStringList{"loss", "infonce", file("s.npy"), file("none.npy")} << QByteArray("none.npy");
        QTest::newRow("setting") << QStringList{"loss", "infonce", file("s.npy"), file("t.npy"), "--set", "temperature"} << QByteArray("option=value");
        QTest::newRow("encoder") << QStringList{"weights", file("s.npy"), "--encoder", "mw3"} << QByteArray("s.npy");
    }

    void nonsenseGetsASentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const KinoRun run = runKino(arguments);
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains(says), run.messages.constData());
        QVERIFY(run.output.isEmpty());
        QCOMPARE(run.messages.count('\n'), 1);
    }

    void theyAreListedAndMistypedOnesAreKnown()
    {
        QVERIFY(runKino({"--help"}).output.contains("encoders"));
        const KinoRun run = runKino({"encdoers"});
        QCOMPARE(run.exitStatus, 2);
        QVERIFY2(run.messages.contains("encoders"), run.messages.constData());
        QVERIFY(runKino({"loss", "--help"}).output.contains("kino loss infonce"));
        QCOMPARE(runKino({"loss"}).exitStatus, 2);
        QCOMPARE(runKino({"--json", "losses"}).exitStatus, 0);
    }

private:
    QString file(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(KinoLearnTest)
#include "kino_learn_test.moc"
