#include "core/signal/spectrogram_image.h"

#include "core/base/error.h"

#include <numbers>

using namespace kino;

namespace {

constexpr std::size_t kSamples = 599;

std::vector<double> made(const auto &value)
{
    std::vector<double> values(kSamples);
    for (std::size_t n = 0; n < kSamples; ++n)
        values[n] = value(static_cast<double>(n), n);
    return values;
}

/** Even-handed filler without a generator: a quadratic residue, spread over ±0.5. */
double residue(std::size_t n, std::size_t a, std::size_t b) { return static_cast<double>((n * n * a + n * b + 13) % 1009) / 1009 - 0.5; }

std::vector<double> axisX() { return made([](double n, std::size_t i) { return 9.81 + std::sin(0.37 * n) + 0.5 * residue(i, 7, 91); }); }
std::vector<double> axisY() { return made([](double n, std::size_t i) { return 2 * std::sin(0.05 * n) + residue(i, 11, 5); }); }
std::vector<double> axisZ() { return made([](double n, std::size_t i) { return 0.3 * std::sin(0.9 * n) + 0.2 * residue(i, 3, 17); }); }

bool near(int value, int expected) { return std::abs(value - expected) <= 1; }

} // namespace

class SpectrogramImageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void powerHasTheGoldenNumbers()
    {
        // methods §6.3: x[n] = sin(2π·5n/64) + 0.5 cos(2π·11.25n/64) + 0.3, 65 × 40, and the same recipe in numpy for more
        // digits: np.abs(np.fft.rfft(frames * w, axis=1))**2 / (64 * (w**2).sum()), bins 1…63 doubled.
        const std::vector<double> x = made([](double n, std::size_t) {
            return std::sin(2 * std::numbers::pi * 5 * n / 64) + 0.5 * std::cos(2 * std::numbers::pi * 11.25 * n / 64) + 0.3;
        });
        const std::vector<double> power = modelPower(x);
        QCOMPARE(power.size(), std::size_t{65 * 40});
        const auto at = [&](std::size_t bin, std::size_t frame) { return power[bin * 40 + frame]; };
        const auto agrees = [](double value, double expected) { return std::abs(value - expected) <= 1e-12 * expected; };
        QVERIFY(agrees(at(0, 0), 0.11904202933612283));
        QVERIFY(agrees(at(0, 39), 0.11906183063488358));
        QVERIFY(agrees(at(1, 0), 0.060956704878535835));
        QVERIFY(agrees(at(10, 0), 0.6615184751589049));
        QVERIFY(agrees(at(10, 1), 0.6614851927896295));
        QVERIFY(agrees(at(22, 0), 0.1197418490319036));
        QVERIFY(agrees(at(23, 0), 0.11978570130779093));
        // The figures as the specification prints them.
        QVERIFY(std::abs(at(10, 0) - 0.661518) < 5e-7);
        QVERIFY(std::abs(10 * std::log10(at(10, 0)) + 1.79458) < 5e-6);
    }

    void imageIsTheRecipesPicture()
    {
        // numpy, float64: D = 10*log10(max(P, 1e-20)); u = (D - D.min()) / (D.max() - D.min());
        // round(255 - interp(i/255, arange(9)/8, greys))[minimum(floor(256*u), 255)].
        const SpectrogramImage image = computeSpectrogramImage(axisX(), axisY(), axisZ());
        QCOMPARE(image.frames, std::size_t{40});
        QCOMPARE(image.cells.size(), std::size_t{3 * 65 * 40});
        struct Expected {
            int sum;
            int cells[6];
        };
        const Expected expected[3] = {{224229, {255, 86, 96, 46, 55, 42}},
                                      {355886, {0, 145, 137, 137, 119, 146}},
                                      {412466, {149, 157, 158, 167, 147, 164}}};
        constexpr std::pair<std::size_t, std::size_t> kPlaces[6] = {{0, 0}, {5, 0}, {10, 20}, {32, 39}, {64, 7}, {40, 13}};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            int sum = 0;
            for (std::size_t cell = 0; cell < 65 * 40; ++cell)
                sum += image.cells[axis * 65 * 40 + cell];
            QVERIFY2(std::abs(sum - expected[axis].sum) <= 5, qPrintable(QString::number(sum)));
            for (std::size_t i = 0; i < 6; ++i)
                QVERIFY(near(image.at(axis, kPlaces[i].first, kPlaces[i].second), expected[axis].cells[i]));
        }
    }

    void greysGoThroughTheAnchors()
    {
        // 255 − G(i/255), numpy's np.interp(i/255, arange(9)/8, [255,240,217,189,150,115,82,37,0]).
        const std::array<std::uint8_t, 256> &greys = invertedGreys();
        const std::pair<std::size_t, double> expected[] = {{0, 0.0}, {1, 0.4706}, {16, 7.5294}, {32, 15.0902}, {64, 38.2196},
            {100, 71.3529}, {127, 104.3882}, {128, 105.549}, {159, 139.5882}, {191, 172.7412}, {223, 217.8235}, {254, 253.8392},
            {255, 255.0}};
        for (const auto &[index, value] : expected)
            QVERIFY2(std::abs(greys[index] - value) <= 0.5, qPrintable(QString::number(index)));
        QVERIFY(std::is_sorted(greys.begin(), greys.end()));
    }

    void gainAndUnitOfAnAxisDoNotMatter()
    {
        std::vector<double> louder = axisY();
        for (double &value : louder)
            value *= 1024; // a power of two: not even the rounding differs
        QCOMPARE(computeSpectrogramImage(axisX(), louder, axisZ()).cells, computeSpectrogramImage(axisX(), axisY(), axisZ()).cells);
    }

    void flatAxisIsZerosAndSilenceIsFinite()
    {
        const std::vector<double> silence(kSamples, 0.0);
        const SpectrogramImage image = computeSpectrogramImage(silence, axisY(), silence);
        for (std::size_t bin = 0; bin < 65; ++bin) {
            for (std::size_t frame = 0; frame < image.frames; ++frame) {
                QCOMPARE(int(image.at(0, bin, frame)), 0);
                QCOMPARE(int(image.at(2, bin, frame)), 0);
            }
        }
        QVERIFY(std::any_of(image.cells.begin(), image.cells.end(), [](std::uint8_t cell) { return cell == 255; }));
    }

    void powerIsFlooredBeforeItIsScaled()
    {
        // Half silence, half a tone: silent frames sit at the floor of 1e-20, the darkest cells of all.
        const std::vector<double> half = made([](double n, std::size_t i) { return i < 300 ? 0.0 : std::sin(0.5 * n); });
        const SpectrogramImage image = computeSpectrogramImage(half, half, half);
        QCOMPARE(int(image.at(0, 30, 0)), 0);
        // The tone's peak: |X| = Σw/2 = 31.75, P = 2 · 31.75² / (64 · 47.625); the range ends there or next to it.
        QVERIFY(image.at(0, 10, 39) > 250);
    }

    void wrongInputIsRefused()
    {
        const std::vector<double> shortAxis(127);
        QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogramImage(shortAxis, shortAxis, shortAxis));
        QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogramImage(axisX(), axisY(), shortAxis));
        std::vector<double> holed = axisX();
        holed[300] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogramImage(holed, axisY(), axisZ()));
        holed[300] = std::numeric_limits<double>::infinity();
        QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogramImage(axisX(), axisY(), holed));
        QVERIFY(modelPower(shortAxis).empty());
        QCOMPARE(computeSpectrogramImage(std::vector<double>(128), std::vector<double>(128), std::vector<double>(128)).frames,
                 std::size_t{1});
    }

    void pictureHasLowFrequenciesAtTheBottomAndAxesAsColours()
    {
        const SpectrogramImage image = computeSpectrogramImage(axisX(), axisY(), axisZ());
        const std::vector<std::uint8_t> pixels = interleavedLowAtBottom(image);
        QCOMPARE(pixels.size(), image.cells.size());
        for (std::size_t row : {std::size_t{0}, std::size_t{1}, std::size_t{64}}) {
            for (std::size_t axis = 0; axis < 3; ++axis)
                QCOMPARE(pixels[(row * 40 + 17) * 3 + axis], image.at(axis, 64 - row, 17));
        }
    }

    void modelInputIsTheNearestCellNormalised()
    {
        const SpectrogramImage image = computeSpectrogramImage(axisX(), axisY(), axisZ());
        const std::vector<std::uint8_t> cells = resizeToModelInput(image);
        const std::vector<float> input = computeModelInput(image);
        QCOMPARE(cells.size(), std::size_t{3 * 96 * 128});
        QCOMPARE(input.size(), cells.size());
        constexpr double kMean[] = {0.485, 0.456, 0.406};
        constexpr double kDeviation[] = {0.229, 0.224, 0.225};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            for (const auto &[x, y] : {std::pair{0, 0}, {127, 95}, {64, 48}, {3, 1}, {4, 2}, {100, 77}}) {
                // Through the 640 × 480 picture of methods §1.2 step 11, of which the network's cell is every fifth pixel.
                const int column = (x * 5) * 40 / 640;
                const int rowFromTop = (y * 5) * 65 / 480;
                const int cell = image.at(axis, static_cast<std::size_t>(64 - rowFromTop), static_cast<std::size_t>(column));
                const std::size_t place = (axis * 96 + static_cast<std::size_t>(y)) * 128 + static_cast<std::size_t>(x);
                QCOMPARE(int(cells[place]), cell);
                QVERIFY(std::abs(input[place] - (cell / 255.0 - kMean[axis]) / kDeviation[axis]) < 1e-6);
            }
        }
        QVERIFY(computeModelInput(SpectrogramImage{}).empty());
    }
};

QTEST_GUILESS_MAIN(SpectrogramImageTest)
#include "spectrogram_image_test.moc"
