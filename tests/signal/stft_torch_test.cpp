// Our transform beside torch's own on the same samples.
#include "core/signal/stft.h"

#include <QtTest/QtTest>
#include <numbers>
#include <random>
#include <torch/torch.h>

using namespace kino;

namespace {

struct Case {
    std::size_t window;
    std::size_t hop;
    std::size_t fft;
};

/** A minute at 100 Hz: gravity, harmonics, noise, and three shocks of 40 g. */
std::vector<float> makeSignal()
{
    std::mt19937 random(3);
    std::normal_distribution<float> noise(0, 0.2f);
    std::vector<float> signal(6000);
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double t = static_cast<double>(i) / 100;
        signal[i] = static_cast<float>(9.81 + 3 * std::sin(2 * std::numbers::pi * 1.7 * t) +
                                       std::sin(2 * std::numbers::pi * 23.4 * t)) +
                    noise(random);
        if (i % 2000 == 999)
            signal[i] += 392.0f;
    }
    return signal;
}

} // namespace

class StftTorchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTorchToAHundredThousandthOfTheFramesMaximum_data()
    {
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("hop");
        QTest::addColumn<int>("fft");
        for (const Case &each : {Case{64, 16, 64}, Case{128, 32, 128}, Case{256, 64, 256}, Case{100, 25, 100},
                                 Case{127, 31, 127}, Case{128, 12, 256}, Case{1024, 256, 1024}})
            QTest::addRow("window %zu hop %zu transform %zu", each.window, each.hop, each.fft)
                << int(each.window) << int(each.hop) << int(each.fft);
    }
    void agreesWithTorchToAHundredThousandthOfTheFramesMaximum()
    {
        QFETCH(int, window);
        QFETCH(int, hop);
        QFETCH(int, fft);
        const std::vector<float> signal = makeSignal();
        constexpr double kRate = 100;
        Stft stft({static_cast<std::size_t>(window), static_cast<std::size_t>(hop), static_cast<std::size_t>(fft),
                   WindowShape::hann, kRate});
        const PowerSpectrogram ours = stft.power(signal);

        const torch::NoGradGuard noGradients;
        // torch centres a shorter window in its frame, we begin with it: pad the window itself to the transform's length.
        const torch::Tensor hann = torch::hann_window(window);
        const torch::Tensor padded = torch::constant_pad_nd(hann, {0, fft - window});
        const torch::Tensor samples = torch::constant_pad_nd(torch::tensor(signal), {0, fft - window});
        const torch::Tensor spectrum = torch::stft(samples, fft, hop, fft, padded, /*center=*/false, "reflect",
                                                   /*normalized=*/false, /*onesided=*/true, /*return_complex=*/true);
        torch::Tensor power = torch::abs(spectrum).square() / (kRate * hann.to(torch::kDouble).square().sum().item<double>());
        const std::int64_t bins = power.size(0);
        power.slice(0, 1, fft % 2 == 0 ? bins - 1 : bins).mul_(2);
        power = power.transpose(0, 1).contiguous();

        QCOMPARE(static_cast<std::int64_t>(ours.bins), bins);
        QCOMPARE(static_cast<std::int64_t>(ours.frames), power.size(0));
        const float *const theirs = power.data_ptr<float>();
        double worst = 0;
        for (std::size_t frame = 0; frame < ours.frames; ++frame) {
            const float *const row = theirs + frame * ours.bins;
            const double largest = *std::max_element(row, row + ours.bins);
            for (std::size_t bin = 0; bin < ours.bins; ++bin)
                worst = std::max(worst, std::abs(static_cast<double>(ours.at(bin, frame)) - row[bin]) / largest);
        }
        qInfo("largest difference over the frame's maximum: %.2e", worst);
        QVERIFY(worst <= 1e-5);
    }
};

QTEST_GUILESS_MAIN(StftTorchTest)
#include "stft_torch_test.moc"
