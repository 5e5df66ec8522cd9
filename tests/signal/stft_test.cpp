#include "core/signal/stft.h"

#include "core/base/error.h"
#include "tests/support/test_data.h"

#include <complex>
#include <fftw3.h>
#include <fstream>
#include <numbers>
#include <random>

using namespace kino;

namespace {

constexpr double kPi = std::numbers::pi;

std::vector<float> noise(std::size_t samples, float deviation, std::uint32_t seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> values(samples);
    for (float &value : values)
        value = normal(random);
    return values;
}

/** One frame's density by the definition: a sum over samples for every bin, in double. */
std::vector<double> densityByDefinition(std::span<const float> frame, const StftOptions &options)
{
    const std::size_t length = options.fftSamples ? options.fftSamples : options.windowSamples;
    const std::vector<double> window = windowCoefficients(options.shape, options.windowSamples);
    double energy = 0;
    for (double w : window)
        energy += w * w;
    std::vector<double> density(length / 2 + 1);
    for (std::size_t k = 0; k < density.size(); ++k) {
        std::complex<double> sum = 0;
        for (std::size_t n = 0; n < window.size(); ++n)
            sum += window[n] * frame[n] * std::polar(1.0, -2 * kPi * static_cast<double>(k * n % length) / static_cast<double>(length));
        const bool alone = k == 0 || 2 * k == length;
        density[k] = (alone ? 1 : 2) * std::norm(sum) / (options.rateHz * energy);
    }
    return density;
}

std::string currentWisdom()
{
    const std::unique_ptr<char, decltype(&std::free)> text(fftwf_export_wisdom_to_string(), &std::free);
    return text.get();
}

} // namespace

class StftTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLengthAndShapeMeetsTheDefinition_data()
    {
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("fft");
        QTest::addColumn<int>("shape");
        const auto row = [](int window, int fft, WindowShape shape) {
            QTest::addRow("%d in %d, %s", window, fft, std::string(windowShapeName(shape)).c_str())
                << window << fft << static_cast<int>(shape);
        };
        for (int window : {2, 3, 4, 5, 6, 7, 8, 16, 30, 31, 33, 64, 66, 98, 100, 127, 128, 129, 130, 250, 256, 1000, 1024, 4096})
            row(window, 0, WindowShape::hann);
        for (WindowShape shape : {WindowShape::hannSymmetric, WindowShape::hamming, WindowShape::blackman,
                                  WindowShape::rectangular}) {
            row(128, 0, shape);
            row(50, 64, shape);
        }
        row(100, 512, WindowShape::hann);
        row(100, 101, WindowShape::hann);
    }
    void everyLengthAndShapeMeetsTheDefinition()
    {
        QFETCH(int, window);
        QFETCH(int, fft);
        QFETCH(int, shape);
        const StftOptions options{static_cast<std::size_t>(window), static_cast<std::size_t>(window / 2),
                                  static_cast<std::size_t>(fft), static_cast<WindowShape>(shape), 50};
        Stft stft(options);
        std::vector<float> samples = noise(static_cast<std::size_t>(5 * window), 1);
        for (float &sample : samples)
            sample += 9.81f;
        const PowerSpectrogram result = stft.power(samples);
        QCOMPARE(result.frames, stft.frames(samples.size()));
        QVERIFY(result.frames >= 9);
        for (const std::size_t frame : {std::size_t{0}, result.frames / 2, result.frames - 1}) {
            const std::vector<double> expected =
                densityByDefinition(std::span(samples).subspan(frame * options.hopSamples), options);
            const double largest = *std::max_element(expected.begin(), expected.end());
            QCOMPARE(result.bins, expected.size());
            for (std::size_t bin = 0; bin < result.bins; ++bin)
                QVERIFY2(std::abs(result.at(bin, frame) - expected[bin]) <= 1e-6 * largest,
                         qPrintable(QString("bin %1: %2, not %3").arg(bin).arg(result.at(bin, frame)).arg(expected[bin])));
        }
    }

    void sineAtABinHasItsClosedFormDensity()
    {
        // |FFT| = A/2 · Σw at the bin, Σw = N/2 and Σw² = 3N/8 for the periodic Hann window: 2 (A N/4)² / (rate · 3N/8).
        constexpr std::size_t kN = 128;
        constexpr double kRate = 100;
        constexpr double kAmplitude = 3;
        std::vector<float> samples(kN);
        for (std::size_t n = 0; n < kN; ++n)
            samples[n] = static_cast<float>(kAmplitude * std::sin(2 * kPi * 20 * static_cast<double>(n) / kN));
        Stft stft({.windowSamples = kN, .hopSamples = 32, .rateHz = kRate});
        const PowerSpectrogram result = stft.power(samples);
        const double expected = 2 * std::pow(kAmplitude * kN / 4, 2) / (kRate * 3 * kN / 8);
        QVERIFY(std::abs(result.at(20, 0) / expected - 1) < 1e-5);
        // The window's own three-bin line: a quarter of the power on either side, nothing elsewhere.
        QVERIFY(std::abs(result.at(19, 0) / expected - 0.25) < 1e-5);
        QVERIFY(std::abs(result.at(21, 0) / expected - 0.25) < 1e-5);
        QVERIFY(result.at(30, 0) < 1e-12 * expected);
    }

    void whiteNoiseIntegratesToItsVariance()
    {
        constexpr double kRate = 40;
        const std::vector<float> samples = noise(400'000, 1.5f);
        Stft stft({.windowSamples = 256, .hopSamples = 64, .rateHz = kRate});
        const PowerSpectrogram result = stft.power(samples);
        double total = 0;
        for (float density : result.power)
            total += density;
        const double variance = total / static_cast<double>(result.frames) * kRate / 256;
        QVERIFY2(std::abs(variance - 2.25) < 0.02, qPrintable(QString::number(variance)));
    }

    void weakBinSurvivesAStrongMirrorBin()
    {
        // Bins 7 and 57 share one butterfly of the packed transform. The weak one is 110 dB down.
        constexpr std::size_t kN = 128;
        std::vector<float> samples(kN);
        for (std::size_t n = 0; n < kN; ++n) {
            const double turn = 2 * kPi * static_cast<double>(n) / kN;
            samples[n] = static_cast<float>(std::sin(7 * turn) + 3e-6 * std::sin(57 * turn));
        }
        const StftOptions options{.windowSamples = kN, .hopSamples = 32, .rateHz = 100};
        const PowerSpectrogram result = Stft(options).power(samples);
        const std::vector<double> expected = densityByDefinition(samples, options);
        QVERIFY(expected[57] > 0);
        QVERIFY2(std::abs(10 * std::log10(result.at(57, 0) / expected[57])) < 1,
                 qPrintable(QString("%1, not %2").arg(result.at(57, 0)).arg(expected[57])));
    }

    void framesAreCountedWithoutPaddingAndTailsDropped()
    {
        Stft stft({.windowSamples = 128, .hopSamples = 12});
        QCOMPARE(stft.frames(0), std::size_t{0});
        QCOMPARE(stft.frames(127), std::size_t{0});
        QCOMPARE(stft.frames(128), std::size_t{1});
        QCOMPARE(stft.frames(139), std::size_t{1});
        QCOMPARE(stft.frames(599), std::size_t{40}); // methods §1.2 step 2
        QCOMPARE(stft.power(std::vector<float>(100)).frames, std::size_t{0});
        QVERIFY(stft.power({}).power.empty());
    }

    void partsOfARecordingAreTheSameNumbersBitForBit()
    {
        const std::vector<float> samples = noise(20'000, 1);
        for (const std::size_t window : {64, 127, 128, 1000}) {
            Stft stft({.windowSamples = window, .hopSamples = 30});
            const PowerSpectrogram whole = stft.power(samples);
            for (const auto &[first, count] : std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}, {5, 16}, {17, 33}, {100, 0}, {whole.frames - 3, 3}}) {
                std::vector<float> part(count * stft.bins());
                stft.powerInto(samples, first, part);
                QVERIFY(std::equal(part.begin(), part.end(), whole.power.begin() + static_cast<std::ptrdiff_t>(first * stft.bins())));
            }
        }
    }

    void framesThatAreNotThereAreRefused()
    {
        Stft stft({.windowSamples = 128, .hopSamples = 32});
        const std::vector<float> samples(1000);
        std::vector<float> out(2 * stft.bins());
        QVERIFY_THROWS_EXCEPTION(Error, stft.powerInto(samples, stft.frames(1000) - 1, out));
        QVERIFY_THROWS_EXCEPTION(Error, stft.powerInto(samples, ~std::size_t{0}, out));
        out.pop_back();
        QVERIFY_THROWS_EXCEPTION(Error, stft.powerInto(samples, 0, out));
    }

    void missingSampleBlanksItsFramesOnly()
    {
        std::vector<float> samples = noise(4000, 1);
        samples[2000] = std::numeric_limits<float>::quiet_NaN();
        Stft stft({.windowSamples = 128, .hopSamples = 32});
        const PowerSpectrogram result = stft.power(samples);
        for (std::size_t frame = 0; frame < result.frames; ++frame) {
            const bool holdsIt = frame * 32 <= 2000 && 2000 < frame * 32 + 128;
            for (std::size_t bin = 0; bin < result.bins; ++bin)
                QCOMPARE(std::isnan(result.at(bin, frame)), holdsIt);
        }
    }

    void optionsThatCannotBeAreRefused()
    {
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.windowSamples = 1}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.windowSamples = 0}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.hopSamples = 0}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.windowSamples = 128, .fftSamples = 64}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.windowSamples = std::size_t{1} << 60}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.rateHz = 0}));
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.rateHz = std::numeric_limits<double>::quiet_NaN()}));
        // Two coefficients of a symmetric Hann window are both zero.
        QVERIFY_THROWS_EXCEPTION(Error, Stft({.windowSamples = 2, .shape = WindowShape::hannSymmetric}));
        QVERIFY_THROWS_EXCEPTION(Error, windowShapeFromName("hanning"));
        QCOMPARE(windowShapeFromName("hann-symmetric"), WindowShape::hannSymmetric);
    }

    void windowsHaveTheirTextbookSums()
    {
        const auto sum = [](const std::vector<double> &values, int power) {
            double total = 0;
            for (double value : values)
                total += std::pow(value, power);
            return total;
        };
        // methods §1.2 step 3 for the symmetric one; N/2 and 3N/8, 0.54 N and 0.42 N for the periodic ones.
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::hannSymmetric, 128), 1) - 63.5) < 1e-9);
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::hannSymmetric, 128), 2) - 47.625) < 1e-9);
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::hann, 128), 1) - 64) < 1e-9);
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::hann, 128), 2) - 48) < 1e-9);
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::hamming, 100), 1) - 54) < 1e-9);
        QVERIFY(std::abs(sum(windowCoefficients(WindowShape::blackman, 100), 1) - 42) < 1e-9);
    }

    void workStopsWhenAsked()
    {
        CancelToken cancel;
        cancel.cancel();
        Stft stft({.windowSamples = 128, .hopSamples = 32});
        QVERIFY_THROWS_EXCEPTION(Cancelled, stft.power(std::vector<float>(100'000), cancel));
    }

    void manyThreadsPlanAndTransformAtOnce()
    {
        const std::vector<float> samples = noise(50'000, 1);
        const PowerSpectrogram expected = Stft({.windowSamples = 90, .hopSamples = 30}).power(samples);
        std::vector<std::thread> threads;
        std::atomic<int> equal = 0;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                Stft other({.windowSamples = static_cast<std::size_t>(200 + i), .hopSamples = 50});
                other.power(samples);
                equal += Stft({.windowSamples = 90, .hopSamples = 30}).power(samples).power == expected.power;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(equal.load(), 8);
    }

    void wisdomIsKeptBetweenRuns()
    {
        const test::TemporaryFolder folder;
        Stft({.windowSamples = 128, .hopSamples = 32});
        const std::string before = currentWisdom();
        Stft::saveWisdom(folder / "cache/fft");
        fftwf_forget_wisdom();
        QVERIFY(currentWisdom() != before);
        Stft::loadWisdom(folder / "cache/fft");
        // FFTW writes a table in the order of its hashes: compare the lines as a set.
        const auto lines = [](const std::string &text) {
            QStringList all = QString::fromStdString(text).split('\n');
            all.sort();
            return all;
        };
        QCOMPARE(lines(currentWisdom()), lines(before));
    }

    void damagedOrForeignWisdomIsIgnored()
    {
        const test::TemporaryFolder folder;
        Stft({.windowSamples = 96, .hopSamples = 32});
        Stft::saveWisdom(folder.path());
        std::filesystem::path file;
        for (const auto &entry : std::filesystem::directory_iterator(folder.path()))
            file = entry.path();
        QVERIFY(!file.empty());
        std::ifstream stream(file, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(stream), {}};
        fftwf_forget_wisdom();
        const std::string none = currentWisdom();

        std::string flipped = whole;
        flipped[flipped.size() / 2] ^= 1;
        for (const std::string &content : {std::string(), std::string("\n"), whole.substr(0, whole.size() / 2), flipped,
                                           whole.substr(whole.find('\n') + 1), std::string("(fftw-9.9.9 fftwf_wisdom\n)"),
                                           std::string(1000, '\0')}) {
            folder.write(file.filename(), content);
            Stft::loadWisdom(folder.path());
            QCOMPARE(currentWisdom(), none);
        }
        Stft::loadWisdom(folder / "nowhere");
        QCOMPARE(currentWisdom(), none);
    }

    void wisdomThatCannotBeKeptIsSaid()
    {
        const test::TemporaryFolder folder;
        folder.write("file", "x");
        Stft({.windowSamples = 128, .hopSamples = 32});
        QVERIFY_THROWS_EXCEPTION(Error, Stft::saveWisdom(folder / "file/cache"));
    }

    void decibelsAreFlooredAndMissingStaysMissing()
    {
        QCOMPARE(decibel(1.0f), 0.0f);
        QCOMPARE(decibel(100.0f), 20.0f);
        QCOMPARE(decibel(0.0f), -200.0f);
        QCOMPARE(decibel(0.0f, 1e-12f), -120.0f);
        QVERIFY(std::isnan(decibel(std::numeric_limits<float>::quiet_NaN())));
    }
};

QTEST_GUILESS_MAIN(StftTest)
#include "stft_test.moc"
