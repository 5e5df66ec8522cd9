#include "core/signal/filter.h"

#include "core/base/error.h"

#include <numbers>

using namespace kino;

namespace {

constexpr double kPi = std::numbers::pi;

struct Reference {
    const char *name;
    ButterworthOptions options;
    std::vector<FilterSection> sections;
    /** Samples 0, 1, 50, 100, 150, 198, 199 and the sum of the filtered test signal. */
    std::array<double, 8> filtered;
};

// SciPy 1.17.1: t = arange(200)/100; s = sin(2π·3t) + 0.5 sin(2π·30t + 0.5) + 0.2t + 9.81;
// sos = butter(N, Wn, btype, fs=100, output="sos"); y = sosfiltfilt(sos, s).
const std::vector<Reference> kReferences = {
    {"butter(4, 20, 'low')", {FilterBand::lowPass, 4, 20, 0, 100},
     {{0.04658290663644368, 0.09316581327288735, 0.04658290663644368, 1, -0.32897567737095285, 0.06458765491644297},
      {1, 2, 1, 1, -0.4531195206523847, 0.4663255707632367}},
     {10.049818092139684, 10.023956830023828, 9.911436342010632, 10.011436341576573, 10.111436342884273, 9.793297911405185,
      9.52936975977951, 2001.5993708389512}},
    {"butter(3, 5, 'high')", {FilterBand::highPass, 3, 5, 0, 100},
     {{0.7294407226390824, -0.7294407226390824, 0, 1, -0.726542528005361, 0},
      {1, -2, 1, 1, -1.647552215703991, 0.7323389172728038}},
     {0.01266170380489921, 0.17859465613750158, 0.23969781672815288, 0.23971220698449808, 0.2398324765245312,
      0.4841323318894761, 0.04475369065807694, 0.9845293211211872}},
    {"butter(2, [1, 10], 'bandpass')", {FilterBand::bandPass, 2, 1, 10, 100},
     {{0.05644846226073644, 0.11289692452147287, 0.05644846226073644, 1, -1.2453222101297106, 0.4903594152210743},
      {1, -2, 1, 1, -1.9141410919894561, 0.9186025924534583}},
     {0.0985510178989022, 0.1859638511460287, 0.01138266727148757, 0.00278393567551477, -0.04282286033493599,
      -0.1845516471636823, -0.20323408850236502, 2.8733138125387057}},
    {"butter(2, [25, 35], 'bandstop')", {FilterBand::bandStop, 2, 25, 35, 100},
     {{0.6389455251590224, 0.41521197188808856, 0.6389455251590224, 1, 0.14489705425199312, 0.6197778933949214},
      {1, 0.6498393924658125, 1, 1, 0.8763192158992188, 0.666047631733054}},
     {10.050361153167486, 9.979445708867939, 9.910005192278398, 10.010001681617668, 10.110005167530211, 9.868950717792908,
      9.531766360492213, 2001.6338081884815}},
};

std::vector<double> testSignal()
{
    std::vector<double> signal(200);
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double t = static_cast<double>(i) / 100;
        signal[i] = std::sin(2 * kPi * 3 * t) + 0.5 * std::sin(2 * kPi * 30 * t + 0.5) + 0.2 * t + 9.81;
    }
    return signal;
}

} // namespace

class FilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sectionsAndOutputsAreSciPys_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < kReferences.size(); ++i)
            QTest::newRow(kReferences[i].name) << static_cast<int>(i);
    }
    void sectionsAndOutputsAreSciPys()
    {
        QFETCH(int, index);
        const Reference &reference = kReferences[static_cast<std::size_t>(index)];
        const std::vector<FilterSection> sections = designButterworth(reference.options);
        QCOMPARE(sections.size(), reference.sections.size());
        for (std::size_t i = 0; i < sections.size(); ++i) {
            for (std::size_t j = 0; j < 6; ++j)
                QVERIFY(std::abs(sections[i][j] - reference.sections[i][j]) < 1e-12);
        }
        const std::vector<double> filtered = filterZeroPhase(sections, testSignal());
        constexpr std::size_t kPlaces[] = {0, 1, 50, 100, 150, 198, 199};
        for (std::size_t i = 0; i < 7; ++i)
            QVERIFY2(std::abs(filtered[kPlaces[i]] - reference.filtered[i]) < 1e-9, qPrintable(QString::number(filtered[kPlaces[i]], 'g', 15)));
        double sum = 0;
        for (double value : filtered)
            sum += value;
        QVERIFY(std::abs(sum - reference.filtered[7]) < 1e-7);
    }

    void oddOrderNearNyquistIsSciPys()
    {
        // butter(5, 40, 'low', fs=100, output='sos')
        const std::vector<FilterSection> expected = {{0.3541641810934298, 0.3541641810934298, 0, 1, 0.5095254494944288, 0},
                                                     {1, 2, 1, 1, 1.0965794655679615, 0.35544676217239046},
                                                     {1, 2, 1, 1, 1.3693171946832925, 0.6925691353878632}};
        const std::vector<FilterSection> sections = designButterworth({FilterBand::lowPass, 5, 40, 0, 100});
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 6; ++j)
                QVERIFY(std::abs(sections[i][j] - expected[i][j]) < 1e-12);
        }
    }

    void gainFollowsButterworthsFormula_data()
    {
        QTest::addColumn<int>("order");
        for (int order = 1; order <= 12; ++order)
            QTest::addRow("order %d", order) << order;
    }
    void gainFollowsButterworthsFormula()
    {
        // |H|² = 1 / (1 + (tan(πf/fs) / tan(πfc/fs))^2N): the analog formula at prewarped frequencies.
        QFETCH(int, order);
        const std::vector<FilterSection> low = designButterworth({FilterBand::lowPass, order, 12, 0, 200});
        const std::vector<FilterSection> high = designButterworth({FilterBand::highPass, order, 12, 0, 200});
        for (double frequency : {0.5, 5.0, 11.0, 12.0, 13.0, 30.0, 90.0}) {
            const double ratio = std::pow(std::tan(kPi * frequency / 200) / std::tan(kPi * 12 / 200), 2 * order);
            QVERIFY(std::abs(filterGain(low, frequency, 200) - std::sqrt(1 / (1 + ratio))) < 1e-8);
            QVERIFY(std::abs(filterGain(high, frequency, 200) - std::sqrt(ratio / (1 + ratio))) < 1e-8);
        }
    }

    void bandEdgesAreAtHalfPower()
    {
        for (int order : {1, 2, 3, 4, 5}) {
            const std::vector<FilterSection> pass = designButterworth({FilterBand::bandPass, order, 0.5, 20, 100});
            const std::vector<FilterSection> stop = designButterworth({FilterBand::bandStop, order, 5, 40, 100});
            for (double edge : {0.5, 20.0})
                QVERIFY(std::abs(filterGain(pass, edge, 100) - std::numbers::sqrt2 / 2) < 1e-9);
            for (double edge : {5.0, 40.0})
                QVERIFY(std::abs(filterGain(stop, edge, 100) - std::numbers::sqrt2 / 2) < 1e-9);
            QVERIFY(filterGain(pass, 1e-9, 100) < 1e-6);
            QVERIFY(std::abs(filterGain(stop, 1e-9, 100) - 1) < 1e-9);
        }
    }

    void nothingIsDelayedAndGravityStays()
    {
        std::vector<float> signal(2000);
        for (std::size_t i = 0; i < signal.size(); ++i)
            signal[i] = static_cast<float>(9.81 + std::sin(2 * kPi * 2 * static_cast<double>(i) / 100));
        const std::vector<FilterSection> sections = designButterworth({FilterBand::lowPass, 4, 20, 0, 100});
        const std::vector<float> filtered = filterZeroPhase(sections, signal);
        for (std::size_t i = 100; i < 1900; ++i)
            QVERIFY(std::abs(filtered[i] - signal[i]) < 1e-4);
        const std::vector<float> still(500, 9.81f);
        for (float value : filterZeroPhase(sections, still))
            QVERIFY(std::abs(value - 9.81f) < 1e-5);
    }

    void gapStaysAGapAndItsSidesAreFilteredApart()
    {
        const std::vector<FilterSection> sections = designButterworth({FilterBand::lowPass, 2, 10, 0, 100});
        std::vector<double> signal = testSignal();
        const std::vector<double> left(signal.begin(), signal.begin() + 80);
        const std::vector<double> right(signal.begin() + 95, signal.end());
        for (std::size_t i = 80; i < 95; ++i)
            signal[i] = std::numeric_limits<double>::quiet_NaN();
        const std::vector<double> filtered = filterZeroPhase(sections, signal);
        QCOMPARE(std::vector<double>(filtered.begin(), filtered.begin() + 80), filterZeroPhase(sections, left));
        QCOMPARE(std::vector<double>(filtered.begin() + 95, filtered.end()), filterZeroPhase(sections, right));
        for (std::size_t i = 80; i < 95; ++i)
            QVERIFY(std::isnan(filtered[i]));
    }

    void shortSeriesAreFilteredWithShorterEnds()
    {
        // sosfiltfilt(butter(2, 10, 'low', fs=100, output='sos'), s[:6], padlen=5)
        const std::vector<double> expected = {10.047198814327487, 10.127231847193086, 10.210014735189926,
                                              10.293747694709461, 10.36097134464653,  10.402911797294227};
        std::vector<double> signal = testSignal();
        signal.resize(6);
        const std::vector<FilterSection> sections = designButterworth({FilterBand::lowPass, 2, 10, 0, 100});
        const std::vector<double> filtered = filterZeroPhase(sections, signal);
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(std::abs(filtered[i] - expected[i]) < 1e-10);
        QCOMPARE(filterZeroPhase(sections, std::vector<double>{3}).size(), std::size_t{1});
        QVERIFY(std::abs(filterZeroPhase(sections, std::vector<double>{3})[0] - 3) < 1e-12);
        QVERIFY(filterZeroPhase(sections, std::vector<double>{}).empty());
    }

    void designsThatCannotBeAreRefused()
    {
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::lowPass, 0, 10, 0, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::lowPass, 99, 10, 0, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::lowPass, 4, 50, 0, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::lowPass, 4, 0, 0, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::lowPass, 4, 10, 0, 0}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::bandPass, 4, 10, 5, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, designButterworth({FilterBand::bandStop, 4, 10, 60, 100}));
        QVERIFY_THROWS_EXCEPTION(Error, filterBandFromName("notch"));
        QCOMPARE(filterBandFromName("band-stop"), FilterBand::bandStop);
    }
};

QTEST_GUILESS_MAIN(FilterTest)
#include "filter_test.moc"
