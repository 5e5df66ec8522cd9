// Outputs, parameters and names of the encoders against the reference implementations' (methods 6.2 and 6.4: computed with
// their code in float64).
#include "core/nn/encoders.h"
#include "core/nn/patch_encoders.h"
#include "core/nn/resnet.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>

using namespace kino;

namespace {

/** x[c, t] = sin(0.01 (c + 1) t) + 0.1 c, as [1, channels, length]. */
torch::Tensor goldenInput(std::int64_t channels, std::int64_t length)
{
    const torch::Tensor c = torch::arange(channels, torch::kFloat64).view({-1, 1});
    const torch::Tensor t = torch::arange(length, torch::kFloat64).view({1, -1});
    return (torch::sin(0.01 * (c + 1) * t) + 0.1 * c).unsqueeze(0);
}

std::map<std::string, torch::Tensor> stateOf(const torch::nn::Module &module)
{
    std::map<std::string, torch::Tensor> state; // bytewise order
    for (const auto &each : module.named_parameters())
        state[each.key()] = each.value();
    for (const auto &each : module.named_buffers())
        state[each.key()] = each.value();
    return state;
}

/** Tensor number m in the order of the names gets 0.1 sin(0.37 k + m). */
void giveGoldenWeights(torch::nn::Module &module)
{
    const torch::NoGradGuard guard;
    double number = 0;
    for (auto &[name, tensor] : stateOf(module)) {
        const torch::Tensor k = torch::arange(tensor.numel(), torch::kFloat64);
        tensor.copy_((0.1 * torch::sin(0.37 * k + number)).view(tensor.sizes()));
        ++number;
    }
}

bool isNear(double value, double wanted, double tolerance) { return std::abs(value - wanted) <= tolerance * std::max(1.0, std::abs(wanted)); }

} // namespace

class EncodersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void outputsAreTheReferences_data()
    {
        QTest::addColumn<QString>("encoder");
        QTest::addColumn<int>("patch");
        QTest::addColumn<QString>("head");
        QTest::addColumn<int>("length");
        QTest::addColumn<QList<double>>("wanted"); // the first four, the L2 norm, the last
        using List = QList<double>;
        QTest::newRow("mw2") << "mw2" << 0 << "embedding" << 1000 << List{0.550394180, 0.900317620, 0.844623374, -0.164635815, 12.952903787, -0.603584081};
        QTest::newRow("primus") << "primus" << 0 << "embedding" << 250 << List{0.548711902, 0.900621479, 0.845077938, -0.142454301, 12.945042758, -0.591853964};
        QTest::newRow("primus ssl") << "primus" << 0 << "ssl" << 250 << List{-0.903145163, 1.182274264, 2.339068723, 1.623869062, 36.210619845, -2.173125347};
        QTest::newRow("primus mmcl") << "primus" << 0 << "mmcl" << 250 << List{-1.574649011, -2.346400473, -1.240682389, 0.840919958, 36.228757954, 0.971824655};
        QTest::newRow("attention-pooled") << "attention-pooled" << 0 << "embedding" << 1000 << List{0.001947665, 0.008250165, 0.014939044, 0.123893247, 1.838393984, 0.084545343};
        QTest::newRow("time-distributed") << "time-distributed" << 0 << "embedding" << 1000 << List{-1.608284510, -2.097552672, -0.825836302, 1.176027182, 34.915477305, 0.833577895};
        QTest::newRow("patch-transformer") << "patch-transformer" << 10 << "embedding" << 1000 << List{0.066007781, 0.087015744, 0.078197503, 0.066654812, 2.251554597, 0.087241827};
        QTest::newRow("patch-rnn") << "patch-rnn" << 10 << "embedding" << 1000 << List{0.140708819, 0.200963199, 0.176745470, 0.134397542, 6.917517405, 0.198002843};
    }

    void outputsAreTheReferences()
    {
        QFETCH(QString, encoder);
        QFETCH(int, patch);
        QFETCH(QString, head);
        QFETCH(int, length);
        QFETCH(QList<double>, wanted);
        nlohmann::json options = nlohmann::json::object();
        if (patch > 0)
            options["patch"] = patch;
        for (const auto type : {torch::kFloat64, torch::kFloat32}) {
            const auto made = makeEncoder(encoder.toStdString(), options);
            made->to(torch::kFloat64);
            giveGoldenWeights(*made);
            made->to(type);
            made->eval();
            const torch::NoGradGuard guard;
            const torch::Tensor embedding = made->embed(goldenInput(6, length).to(type));
            const torch::Tensor output = made->head(head.toStdString(), embedding).to(torch::kFloat64)[0];
            QCOMPARE(output.size(0), std::int64_t{512});
            const double tolerance = type == torch::kFloat64 ? 1e-8 : 1e-4;
            for (int i = 0; i < 4; ++i)
                QVERIFY2(isNear(output[i].item<double>(), wanted[i], tolerance), qPrintable(QStringLiteral("%1: %2").arg(i).arg(output[i].item<double>(), 0, 'g', 12)));
            QVERIFY2(isNear(output.norm().item<double>(), wanted[4], tolerance), qPrintable(QString::number(output.norm().item<double>(), 'g', 12)));
            QVERIFY2(isNear(output[511].item<double>(), wanted[5], tolerance), qPrintable(QString::number(output[511].item<double>(), 'g', 12)));
        }
    }

    void parametersAreAsMany_data()
    {
        QTest::addColumn<QString>("encoder");
        QTest::addColumn<QString>("options");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("mw2") << "mw2" << "{}" << qint64{850'892};
        QTest::newRow("primus") << "primus" << "{}" << qint64{1'376'204};
        QTest::newRow("attention-pooled") << "attention-pooled" << "{}" << qint64{14'301};
        QTest::newRow("time-distributed") << "time-distributed" << "{}" << qint64{1'250'635};
        QTest::newRow("patch-transformer 128") << "patch-transformer" << "{\"width\":128}" << qint64{100'480};
        QTest::newRow("patch-transformer 512") << "patch-transformer" << "{}" << qint64{1'187'968};
        QTest::newRow("patch-rnn 128") << "patch-rnn" << "{\"width\":128}" << qint64{50'304};
        QTest::newRow("patch-rnn 512") << "patch-rnn" << "{}" << qint64{791'040};
        // Of torchvision's models without fc: 11,689,512 - 513,000; 21,797,672 - 513,000; 25,557,032 - 2,049,000.
        QTest::newRow("resnet18") << "resnet18" << "{}" << qint64{11'176'512};
        QTest::newRow("resnet34") << "resnet34" << "{}" << qint64{21'284'672};
        QTest::newRow("resnet50") << "resnet50" << "{}" << qint64{23'508'032};
        // 3*24*32 + 32, 32*16*64 + 64, 64*8*96 + 96.
        QTest::newRow("har-cnn") << "har-cnn" << "{}" << qint64{3 * 24 * 32 + 32 + 32 * 16 * 64 + 64 + 64 * 8 * 96 + 96};
    }

    void parametersAreAsMany()
    {
        QFETCH(QString, encoder);
        QFETCH(QString, options);
        QFETCH(qint64, parameters);
        QCOMPARE(countParameters(*makeEncoder(encoder.toStdString(), nlohmann::json::parse(options.toStdString()))), std::int64_t{parameters});
    }

    void namesAreTheReferences_data()
    {
        QTest::addColumn<QString>("encoder");
        QTest::addColumn<QString>("names");
        const QString stack = QStringLiteral("0.bias 0.weight 1.net.0.weight 2.net.0.weight 3.net.0.weight 4.bias 4.weight 5.bias_hh_l0 5.bias_ih_l0 5.weight_hh_l0 5.weight_ih_l0");
        const auto under = [&stack](const QString &root) { return root + QString(stack).replace(QLatin1Char(' '), QLatin1Char(' ') + root); };
        QTest::newRow("mw2") << "mw2" << under(QStringLiteral("net."));
        QTest::newRow("primus") << "primus" << under(QStringLiteral("backbone.")) + QStringLiteral(" mmcl_head.bias mmcl_head.weight ssl_head.bias ssl_head.weight");
        QTest::newRow("attention-pooled") << "attention-pooled"
                                          << "encoder.0.bias encoder.0.weight encoder.1.bias encoder.1.weight encoder.3.weight.bias encoder.3.weight.weight encoder.5.bias encoder.5.weight";
        QTest::newRow("time-distributed") << "time-distributed"
                                          << "classifier.linear.bias classifier.linear.weight rnn.gru.bias_hh_l0 rnn.gru.bias_ih_l0 rnn.gru.weight_hh_l0 rnn.gru.weight_ih_l0 "
                                             "time_distributed_signal_encoder.conv1.bias time_distributed_signal_encoder.conv1.weight "
                                             "time_distributed_signal_encoder.conv2.bias time_distributed_signal_encoder.conv2.weight";
        QTest::newRow("patch-transformer") << "patch-transformer"
                                           << "cls imu_token_embed.weight model.layers.0.linear1.bias model.layers.0.linear1.weight model.layers.0.linear2.bias "
                                              "model.layers.0.linear2.weight model.layers.0.norm1.bias model.layers.0.norm1.weight model.layers.0.norm2.bias "
                                              "model.layers.0.norm2.weight model.layers.0.self_attn.in_proj_bias model.layers.0.self_attn.in_proj_weight "
                                              "model.layers.0.self_attn.out_proj.bias model.layers.0.self_attn.out_proj.weight";
        QTest::newRow("patch-rnn") << "patch-rnn"
                                   << "gru.bias_hh_l0 gru.bias_hh_l0_reverse gru.bias_ih_l0 gru.bias_ih_l0_reverse gru.weight_hh_l0 gru.weight_hh_l0_reverse "
                                      "gru.weight_ih_l0 gru.weight_ih_l0_reverse imu_token_embed.weight";
    }

    void namesAreTheReferences()
    {
        QFETCH(QString, encoder);
        QFETCH(QString, names);
        QStringList found;
        for (const auto &[name, tensor] : stateOf(*makeEncoder(encoder.toStdString())))
            found += QString::fromStdString(name);
        QCOMPARE(found.join(QLatin1Char(' ')), names);
    }

    void resnetHasTorchvisionsNamesAndShapes()
    {
        const auto state = stateOf(*makeEncoder("resnet18"));
        QCOMPARE(state.size(), std::size_t{120}); // torchvision's 122 without fc.weight and fc.bias
        QCOMPARE(state.at("conv1.weight").sizes(), (torch::IntArrayRef{64, 3, 7, 7}));
        QCOMPARE(state.at("layer2.0.downsample.0.weight").sizes(), (torch::IntArrayRef{128, 64, 1, 1}));
        QVERIFY(state.contains("layer4.1.bn2.num_batches_tracked"));
        QVERIFY(!state.contains("layer1.0.downsample.0.weight"));
        const auto fifty = stateOf(*makeEncoder("resnet50"));
        QCOMPARE(fifty.size(), std::size_t{318});
        QCOMPARE(fifty.at("layer1.0.downsample.0.weight").sizes(), (torch::IntArrayRef{256, 64, 1, 1}));
        QCOMPARE(fifty.at("layer3.5.conv2.weight").sizes(), (torch::IntArrayRef{256, 256, 3, 3}));
    }

    void resnetMapsHaveTheSizesOfItsStrides()
    {
        const auto made = makeEncoder("resnet18");
        made->eval();
        Taps taps;
        const torch::NoGradGuard guard;
        QCOMPARE(made->embed(torch::rand({2, 3, 96, 128}), &taps).sizes(), (torch::IntArrayRef{2, 512}));
        QCOMPARE(taps.at("layer4").sizes(), (torch::IntArrayRef{2, 512, 3, 4}));
        QCOMPARE(taps.at("layer3").sizes(), (torch::IntArrayRef{2, 256, 6, 8}));
        QCOMPARE(makeEncoder("resnet50")->width(), std::int64_t{2048});
    }

    void splitBatchNormIsThatOfEachPart()
    {
        SplitBatchNorm split(3, 4);
        torch::manual_seed(1);
        const torch::Tensor input = torch::randn({8, 3, 5, 5});
        const torch::Tensor output = split.forward(input);
        for (std::int64_t part = 0; part < 4; ++part) {
            const torch::Tensor samples = input.slice(0, part, 8, 4);
            const torch::Tensor mean = samples.mean({0, 2, 3}, true);
            const torch::Tensor variance = samples.var({0, 2, 3}, false, true);
            QVERIFY(torch::allclose(output.slice(0, part, 8, 4), (samples - mean) / torch::sqrt(variance + 1e-5), 1e-5, 1e-5));
        }
        QVERIFY_EXCEPTION_THROWN(split.forward(torch::randn({6, 3, 5, 5})), Error);
        split.eval();
        QCOMPARE(split.forward(torch::randn({6, 3, 5, 5})).size(0), std::int64_t{6});
    }

    void lengthsOutsideTheRangeGetASentence_data()
    {
        QTest::addColumn<QString>("encoder");
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most"); // 0: none
        QTest::newRow("mw2") << "mw2" << 978 << 1004;
        QTest::newRow("primus") << "primus" << 123 << 0;
        QTest::newRow("attention-pooled") << "attention-pooled" << 19 << 0;
        QTest::newRow("time-distributed") << "time-distributed" << 59 << 0;
        QTest::newRow("patch-transformer") << "patch-transformer" << 1 << 0;
        QTest::newRow("patch-rnn") << "patch-rnn" << 1 << 0;
        QTest::newRow("har-cnn") << "har-cnn" << 46 << 0;
    }

    void lengthsOutsideTheRangeGetASentence()
    {
        QFETCH(QString, encoder);
        QFETCH(int, least);
        QFETCH(int, most);
        const auto made = makeEncoder(encoder.toStdString());
        made->eval();
        const torch::NoGradGuard guard;
        const auto embed = [&](std::int64_t length) { return made->embed(torch::randn({2, made->input().channels, length})); };
        QVERIFY(embed(least).isfinite().all().item<bool>());
        QVERIFY(embed(most > 0 ? most : 2 * least + 500).isfinite().all().item<bool>());
        for (const int wrong : {least - 1, most > 0 ? most + 1 : least - 1}) {
            try {
                embed(wrong);
                QFAIL("a window of the wrong length was taken");
            } catch (const Error &error) {
                QVERIFY2(error.sentence().find(std::to_string(least)) != std::string::npos, error.what());
                QVERIFY2(error.sentence().find(std::to_string(wrong)) != std::string::npos, error.what());
            }
        }
        QVERIFY_EXCEPTION_THROWN(made->embed(torch::randn({2, made->input().channels + 1, 1000})), Error);
        QVERIFY_EXCEPTION_THROWN(made->embed(torch::randn({6, 1000})), Error);
    }

    // What a specification is judged by, without torch, is what the encoder itself asks for.
    void inputsAreKnownWithoutMakingTheEncoder()
    {
        const auto same = [](const std::string &name, const nlohmann::json &options) {
            const EncoderInput told = encoderInput(encoderInfo(name), options), own = makeEncoder(name, options)->input();
            return told.channels == own.channels && told.usualLength == own.usualLength && told.leastLength == own.leastLength && told.mostLength == own.mostLength
                && told.height == own.height;
        };
        for (const EncoderInfo &info : encoderInfos())
            QVERIFY2(same(info.name, nlohmann::json::object()), info.name.c_str());
        QVERIFY(same("patch-rnn", {{"patch", 25}, {"width", 64}}));
        QVERIFY(same("har-cnn", {{"channels", 6}}));
    }

    void tapsAreWhatIsPromised()
    {
        for (const EncoderInfo &info : encoderInfos()) {
            const auto made = makeEncoder(info.name);
            made->eval();
            const EncoderInput &input = made->input();
            Taps taps;
            const torch::NoGradGuard guard;
            const torch::Tensor embedding = made->embed(input.height > 0 ? torch::randn({2, input.channels, input.height, input.usualLength})
                                                                         : torch::randn({2, input.channels, input.usualLength}),
                                                        &taps);
            QCOMPARE(embedding.sizes(), (torch::IntArrayRef{2, made->width()}));
            QCOMPARE(taps.all().size(), made->tapNames().size());
            for (const std::string &name : made->tapNames())
                QVERIFY2(taps.all().contains(name), (info.name + " " + name).c_str());
            QVERIFY_EXCEPTION_THROWN(taps.at("elsewhere"), Error);
            QVERIFY_EXCEPTION_THROWN(made->head("elsewhere", embedding), Error);
        }
    }

    void normalisationsAreOfTheirGroups()
    {
        // On white noise with one loud channel: only instance norm makes all channels alike.
        torch::manual_seed(2);
        torch::Tensor windows = torch::randn({4, 6, 1000});
        windows.select(1, 0) *= 100;
        const auto loudness = [&windows](const char *normalisation) {
            const auto made = makeEncoder("mw2", {{"normalisation", normalisation}});
            Taps taps;
            const torch::NoGradGuard guard;
            made->embed(windows, &taps);
            return taps.at("norm").std(2).mean(0);
        };
        const torch::Tensor group = loudness("group");
        const torch::Tensor instance = loudness("instance");
        const torch::Tensor layer = loudness("layer");
        QVERIFY(torch::allclose(instance, torch::ones({6}), 0.01, 0.01));
        QVERIFY(group[1].item<double>() < 0.1 && std::abs(group[4].item<double>() - 1) < 0.1); // the gyroscope's group is undisturbed
        QVERIFY(layer[4].item<double>() < 0.1);
    }

    void optionsThatMakeNoSenseAreAllNamed()
    {
        const auto problems = encoderOptionProblems(encoderInfo("mw2"), {{"width", -3}, {"normalisation", "batch"}, {"depth", 4}});
        QCOMPARE(problems.size(), std::size_t{3});
        QVERIFY_EXCEPTION_THROWN(makeEncoder("mw2", {{"width", "many"}}), Error);
        QVERIFY_EXCEPTION_THROWN(makeEncoder("mw3"), Error);
        QVERIFY_EXCEPTION_THROWN(makeEncoder("patch-rnn", {{"width", 33}}), Error);
        QVERIFY(encoderOptionProblems(encoderInfo("primus"), {{"width", 64}}).empty());
    }

    void operationsAreCounted()
    {
        // Outputs of each convolution times its kernel and input channels; 32 steps of the GRU's two matrices.
        const auto made = makeEncoder("mw2");
        const std::int64_t convolutions = 982 * 32 * (6 * 10) + 319 * 32 * (32 * 5) + 98 * 32 * (32 * 5);
        const std::int64_t gru = 32 * (1536 * 32 + 1536 * 512);
        QCOMPARE(countMultiplyAccumulates(*made), convolutions + gru);
        QVERIFY(made->is_training());
    }
};

QTEST_GUILESS_MAIN(EncodersTest)
#include "encoders_test.moc"
