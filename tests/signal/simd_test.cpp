// A machine runs one variant of each hot loop; here the others are run too, as far as the machine has their instructions.
#include "core/base/simd.h"

#include <complex>
#include <numbers>
#include <random>

using namespace kino;

#ifdef KINO_SIMD_X86
namespace kino {
#define KINO_TEST_VARIANTS(result, name, parameters)                                                                   \
    result name##Base parameters;                                                                                      \
    result name##Avx2 parameters;                                                                                      \
    result name##Avx512 parameters;
KINO_TEST_VARIANTS(void, applyWindow, (const float *, const float *, std::size_t, float *))
KINO_TEST_VARIANTS(void, packedPower, (const float *, std::size_t, std::size_t, const float *, const float *, float *))
KINO_TEST_VARIANTS(float, dotProduct, (const float *, const float *, std::size_t))
KINO_TEST_VARIANTS(void, computeColourIndices, (const float *, std::size_t, float, float, int *))
} // namespace kino
#endif

namespace {

std::vector<float> noise(std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> values(count);
    for (float &value : values)
        value = normal(random);
    return values;
}

} // namespace

class SimdTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyVariantComputesTheSame_data()
    {
        QTest::addColumn<int>("level");
        QTest::newRow("base") << static_cast<int>(simd::Level::base);
        QTest::newRow("AVX2") << static_cast<int>(simd::Level::avx2);
        QTest::newRow("AVX-512") << static_cast<int>(simd::Level::avx512);
    }
    void everyVariantComputesTheSame()
    {
#ifndef KINO_SIMD_X86
        QSKIP("this processor has one variant only");
#else
        QFETCH(int, level);
        if (level > static_cast<int>(simd::level()))
            QSKIP("this machine lacks these instructions");
        const auto chosen = [level](auto base, auto avx2, auto avx512) {
            return level == 0 ? base : level == 1 ? avx2 : avx512;
        };

        const auto window = chosen(applyWindowBase, applyWindowAvx2, applyWindowAvx512);
        const auto power = chosen(packedPowerBase, packedPowerAvx2, packedPowerAvx512);
        const auto dot = chosen(dotProductBase, dotProductAvx2, dotProductAvx512);
        const auto indices = chosen(computeColourIndicesBase, computeColourIndicesAvx2, computeColourIndicesAvx512);

        for (std::size_t count = 0; count < 70; ++count) {
            const std::vector<float> a = noise(count, 1);
            const std::vector<float> b = noise(count, 2);
            std::vector<float> out(count + 1, 77);
            window(a.data(), b.data(), count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                QCOMPARE(out[i], a[i] * b[i]);
            QCOMPARE(out[count], 77.0f);
        }

        for (std::size_t half = 1; half < 140; ++half)
            checkPower(power, half);

        const std::vector<float> a = noise(16 * 9, 3);
        const std::vector<float> b = noise(16 * 9, 4);
        double expected = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            expected += static_cast<double>(a[i]) * b[i];
        QVERIFY(std::abs(dot(a.data(), b.data(), a.size()) - expected) < 1e-4);

        // 256 · (10 log10(P) + 60) / 80 = scale · log2(P) + shift
        std::vector<float> powers(256);
        for (std::size_t i = 0; i < powers.size(); ++i)
            powers[i] = static_cast<float>(std::pow(10.0, -7 + 0.04 * static_cast<double>(i)));
        powers[9] = std::numeric_limits<float>::quiet_NaN();
        std::vector<int> found(256);
        indices(powers.data(), powers.size(), static_cast<float>(256 * 10 * std::log10(2.0) / 80), 256.0f * 60 / 80, found.data());
        for (std::size_t i = 0; i < powers.size(); ++i) {
            const double place = 256 * (10 * std::log10(static_cast<double>(powers[i])) + 60) / 80;
            const double index = i == 9 ? 0 : std::clamp(place, 0.0, 255.0);
            QVERIFY(found[i] <= index + 0.003 && found[i] > index - 1.003);
        }
#endif
    }

private:
    /** Against the transform of the real samples by its definition. */
    template <class Power>
    void checkPower(Power power, std::size_t half)
    {
        const std::size_t length = 2 * half;
        const std::vector<float> samples = noise(2 * length, static_cast<std::uint32_t>(half));
        std::vector<float> spectra;
        std::vector<float> twiddleRe;
        std::vector<float> twiddleIm;
        std::vector<double> expected;
        const auto turn = [](std::size_t k, std::size_t of) {
            return std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k % of) / static_cast<double>(of));
        };
        for (std::size_t k = 0; k <= half / 2; ++k) {
            twiddleRe.push_back(static_cast<float>(turn(k, length).real()));
            twiddleIm.push_back(static_cast<float>(turn(k, length).imag()));
        }
        for (std::size_t frame = 0; frame < 2; ++frame) {
            const float *const x = samples.data() + frame * length;
            for (std::size_t k = 0; k < half; ++k) {
                std::complex<double> sum = 0;
                for (std::size_t n = 0; n < half; ++n)
                    sum += std::complex<double>(x[2 * n], x[2 * n + 1]) * turn(k * n, half);
                spectra.push_back(static_cast<float>(sum.real()));
                spectra.push_back(static_cast<float>(sum.imag()));
            }
            for (std::size_t k = 0; k <= half; ++k) {
                std::complex<double> sum = 0;
                for (std::size_t n = 0; n < length; ++n)
                    sum += static_cast<double>(x[n]) * turn(k * n, length);
                expected.push_back((k == 0 || k == half ? 2 : 4) * std::norm(sum));
            }
        }
        std::vector<float> found(2 * (half + 1) + 1, 77);
        power(spectra.data(), half, 2, twiddleRe.data(), twiddleIm.data(), found.data());
        const double largest = *std::max_element(expected.begin(), expected.end());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(found[i] - expected[i]) <= 2e-6 * largest, qPrintable(QString("half %1, %2").arg(half).arg(i)));
        QCOMPARE(found.back(), 77.0f);
    }
};

QTEST_GUILESS_MAIN(SimdTest)
#include "simd_test.moc"
