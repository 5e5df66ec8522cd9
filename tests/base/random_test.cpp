#include "core/base/random.h"
#include "core/base/simd.h"
#include "tests/support/distribution.h"

#include <numbers>
#include <numeric>

using namespace kino;

#ifdef KINO_SIMD_X86
namespace kino {
void boxMullerBase(const std::uint32_t *, const std::uint32_t *, float *);
void boxMullerAvx2(const std::uint32_t *, const std::uint32_t *, float *);
} // namespace kino
#endif

class RandomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Known answers of philox4x32-10 from the Random123 distribution's kat_vectors.
    void philoxGivesTheAuthorsKnownAnswers()
    {
        using Block = std::array<std::uint32_t, 4>;
        QVERIFY((philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
        const std::uint32_t ones = 0xffffffff;
        QVERIFY((philox4x32({ones, ones, ones, ones}, {ones, ones}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
        QVERIFY((philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0})
                 == Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    }

    void aSavedStateGoesOnWhereItStopped()
    {
        RandomStream stream(42);
        for (int i = 0; i < 7; ++i)
            stream.bits();
        RandomStream resumed(stream.state());
        for (int i = 0; i < 100; ++i)
            QCOMPARE(resumed.bits(), stream.bits());
    }

    void splittingDoesNotDependOnWhatWasDrawn()
    {
        RandomStream fresh(7);
        RandomStream used(7);
        used.normal();
        QCOMPARE(fresh.split(3).bits(), used.split(3).bits());
        QVERIFY(fresh.split(3).bits() != fresh.split(4).bits());
        QVERIFY(fresh.split(3).split(0).bits() != fresh.split(0).split(3).bits());
    }

    void momentsAreThoseOfTheDistributions()
    {
        constexpr int kDraws = 200'000;
        RandomStream stream(1);
        double sum = 0, sumOfSquares = 0, sumOfFourths = 0, uniformSum = 0;
        for (int i = 0; i < kDraws; ++i) {
            const double normal = stream.normal();
            sum += normal;
            sumOfSquares += normal * normal;
            sumOfFourths += normal * normal * normal * normal;
            uniformSum += stream.uniform();
        }
        // Standard errors: 1/√n = 0.0022 for the mean, √2/√n = 0.0032 for the variance, √96/√n = 0.022 for the fourth moment.
        QVERIFY(std::abs(sum / kDraws) < 0.01);
        QVERIFY(std::abs(sumOfSquares / kDraws - 1) < 0.015);
        QVERIFY(std::abs(sumOfFourths / kDraws - 3) < 0.1);
        QVERIFY(std::abs(uniformSum / kDraws - 0.5) < 0.004);
    }

    /** The transform in double precision, on the words that Philox gives for the stream's key and blocks. */
    void filledNormalsAreBoxAndMullersOfPhiloxBlocks()
    {
        constexpr std::uint64_t kKey = 0x123456789abcdef0;
        std::vector<float> values(100'003);
        RandomStream stream(kKey);
        fillNormal(stream, values);
        double furthest = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto words = philox4x32({static_cast<std::uint32_t>(i / 4), 0, 0, 0}, {0x9abcdef0, 0x12345678});
            const std::size_t pair = i % 4 / 2;
            // Rounded to single precision as documented by the count of its bits: next to 1 the radius depends on it.
            const float uniform = (static_cast<float>(words[2 * pair] >> 1) + 1.0f) * 0x1.0p-31f;
            const double radius = std::sqrt(-2 * std::log(static_cast<double>(uniform)));
            const std::uint32_t word = words[2 * pair + 1];
            const double turns = (word >> 30) * 0.25 + static_cast<std::int32_t>(word << 2) * 0x1.0p-34;
            const double angle = 2 * std::numbers::pi * turns;
            furthest = std::max(furthest, std::abs(values[i] - radius * (i % 2 == 0 ? std::cos(angle) : std::sin(angle))));
        }
        QVERIFY2(furthest < 3e-6, qPrintable(QString::number(furthest)));
    }

    void filledNormalsAreNormalAndIndependent()
    {
        constexpr std::size_t kDraws = 400'000;
        std::vector<float> values(kDraws);
        RandomStream stream(11);
        fillNormal(stream, values);
        QVERIFY(test::isNormal(std::vector<double>(values.begin(), values.end()), 0, 1));
        double sum = 0, squares = 0, cubes = 0, fourths = 0;
        for (const double value : values) {
            sum += value;
            squares += value * value;
            cubes += value * value * value;
            fourths += value * value * value * value;
        }
        // Standard errors: 0.0016, sqrt(2 / n) = 0.0022, sqrt(15 / n) = 0.0061, sqrt(96 / n) = 0.0155; five of each.
        QVERIFY(std::abs(sum / kDraws) < 0.008);
        QVERIFY(std::abs(squares / kDraws - 1) < 0.011);
        QVERIFY(std::abs(cubes / kDraws) < 0.031);
        QVERIFY(std::abs(fourths / kDraws - 3) < 0.078);
        for (const std::size_t lag : {1, 2, 3, 4}) {
            double products = 0;
            double squareProducts = 0;
            for (std::size_t i = lag; i < kDraws; ++i) {
                const double a = values[i], b = values[i - lag];
                products += a * b;
                squareProducts += (a * a - 1) * (b * b - 1);
            }
            QVERIFY(std::abs(products / kDraws) < 0.008);
            QVERIFY(std::abs(squareProducts / kDraws) < 0.016); // 5 * 2 / sqrt(n)
        }
    }

    void aShorterFillIsTheBeginningOfALongerOne()
    {
        std::vector<float> all(1024);
        RandomStream whole(3);
        fillNormal(whole, all);
        for (const std::size_t count : {0, 1, 3, 4, 5, 255, 256, 257, 1000}) {
            std::vector<float> some(count);
            RandomStream stream(3);
            fillNormal(stream, some);
            QVERIFY(std::equal(some.begin(), some.end(), all.begin()));
            QCOMPARE(stream.state().position, (count + 3) / 4 * 4);
            // What is drawn next is what follows in the stream.
            std::vector<float> rest(all.size() - (count + 3) / 4 * 4);
            fillNormal(stream, rest);
            QVERIFY(std::equal(rest.rbegin(), rest.rend(), all.rbegin()));
        }
    }

    void aFillBeginsAtTheNextWholeBlock()
    {
        std::vector<float> expected(8), filled(8);
        RandomStream fresh(3);
        std::vector<float> first(4);
        fillNormal(fresh, first);
        fillNormal(fresh, expected);
        RandomStream used(3);
        used.bits();
        fillNormal(used, filled);
        QVERIFY(filled == expected);
        RandomStream afterFill(fresh.state());
        QCOMPARE(fresh.bits(), afterFill.bits());
        QCOMPARE(fresh.state().position, std::uint64_t{13});
    }

    void everyVariantOfTheFillGivesTheSameBits()
    {
#ifndef KINO_SIMD_X86
        QSKIP("this processor has one variant only");
#else
        if (simd::level() == simd::Level::base)
            QSKIP("this machine lacks AVX2");
        std::array<std::uint32_t, 128> radii{}, angles{};
        RandomStream stream(17);
        std::array<float, 256> base{}, avx2{};
        for (int round = 0; round < 100; ++round) {
            for (std::size_t i = 0; i < radii.size(); ++i) {
                radii[i] = stream.bits();
                angles[i] = stream.bits();
            }
            radii[0] = 0;
            radii[1] = 0xffffffff; // the smallest and the largest: a radius of 6.56 and one of 0
            boxMullerBase(radii.data(), angles.data(), base.data());
            boxMullerAvx2(radii.data(), angles.data(), avx2.data());
            QVERIFY(std::memcmp(base.data(), avx2.data(), sizeof base) == 0);
            QVERIFY(std::abs(std::hypot(base[0], base[1]) - std::sqrt(-2 * std::log(0x1.0p-31))) < 1e-5);
            QVERIFY(base[2] == 0 && base[3] == 0);
        }
#endif
    }

    void belowIsEvenAndInRange()
    {
        RandomStream stream(5);
        std::array<int, 6> counts{};
        for (int i = 0; i < 60'000; ++i)
            ++counts.at(stream.below(6));
        for (const int count : counts)
            QVERIFY(std::abs(count - 10'000) < 500); // 5.5 standard deviations
    }

    void shuffleKeepsEveryElement()
    {
        std::vector<int> values(100);
        std::iota(values.begin(), values.end(), 0);
        const std::vector<int> sorted = values;
        RandomStream stream(9);
        stream.shuffle(std::span(values));
        QVERIFY(values != sorted);
        std::ranges::sort(values);
        QVERIFY(values == sorted);
    }
};

QTEST_GUILESS_MAIN(RandomTest)
#include "random_test.moc"
