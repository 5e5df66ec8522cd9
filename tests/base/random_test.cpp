#include "core/base/random.h"

#include <numeric>

using namespace kino;

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
