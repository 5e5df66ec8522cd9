#include "core/signal/colour_map.h"

#include "core/base/error.h"

#include <random>

using namespace kino;

namespace {

const std::vector<ColourMap> kAll = {ColourMap::magma, ColourMap::viridis, ColourMap::cividis, ColourMap::grey,
                                     ColourMap::invertedGrey};

/** CIELAB's L* of an sRGB colour under D65 (IEC 61966-2-1, CIE 15). */
double lightness(Rgb colour)
{
    const auto linear = [](std::uint8_t value) {
        const double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    const double y = 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
    return y > 216.0 / 24389 ? 116 * std::cbrt(y) - 16 : y * 24389.0 / 27;
}

} // namespace

class ColourMapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedEntriesAreMet()
    {
        // matplotlib.colormaps[NAME].colors · 255, rounded (matplotlib 3.11.2), at places between our control points too.
        struct Entry {
            ColourMap map;
            std::size_t index;
            int red, green, blue;
        };
        const Entry entries[] = {
            {ColourMap::magma, 0, 0, 0, 4},       {ColourMap::magma, 37, 36, 18, 83},     {ColourMap::magma, 128, 183, 55, 121},
            {ColourMap::magma, 200, 253, 152, 105}, {ColourMap::magma, 255, 252, 253, 191}, {ColourMap::viridis, 0, 68, 1, 84},
            {ColourMap::viridis, 37, 70, 51, 127}, {ColourMap::viridis, 128, 33, 145, 140}, {ColourMap::viridis, 200, 112, 207, 87},
            {ColourMap::viridis, 255, 253, 231, 37}, {ColourMap::cividis, 0, 0, 34, 78},   {ColourMap::cividis, 37, 35, 60, 110},
            {ColourMap::cividis, 128, 125, 124, 120}, {ColourMap::cividis, 200, 196, 180, 104}, {ColourMap::cividis, 255, 254, 232, 56}};
        for (const Entry &entry : entries) {
            const Rgb colour = colourTable(entry.map)[entry.index];
            QVERIFY(std::abs(colour.red - entry.red) <= 1);
            QVERIFY(std::abs(colour.green - entry.green) <= 1);
            QVERIFY(std::abs(colour.blue - entry.blue) <= 1);
        }
    }

    void lightnessRisesAllAlongEveryMap()
    {
        for (ColourMap map : kAll) {
            const std::array<Rgb, 256> &table = colourTable(map);
            for (std::size_t i = 1; i < 256; ++i) {
                // Half a unit of L* is below what anyone sees and above what rounding to 8 bits does.
                QVERIFY2(lightness(table[i]) > lightness(table[i - 1]) - 0.5, qPrintable(QString::number(i)));
            }
            for (std::size_t i = 8; i < 256; i += 8)
                QVERIFY(lightness(table[i]) > lightness(table[i - 8]));
            QVERIFY(lightness(table[255]) - lightness(table[0]) > 65);
        }
    }

    void greysRunFromBlackToWhite()
    {
        for (ColourMap map : {ColourMap::grey, ColourMap::invertedGrey}) {
            QCOMPARE(colourTable(map)[0], (Rgb{0, 0, 0}));
            QCOMPARE(colourTable(map)[255], (Rgb{255, 255, 255}));
        }
        QCOMPARE(colourTable(ColourMap::grey)[77], (Rgb{77, 77, 77}));
        // The model's table is ColorBrewer's, not a straight ramp: 255 − G(96/255) is 66.46 (methods §1.2 step 8).
        QCOMPARE(int(colourTable(ColourMap::invertedGrey)[96].red), 66);
    }

    void namesGoForthAndBack()
    {
        for (ColourMap map : kAll)
            QCOMPARE(colourMapFromName(colourMapName(map)), map);
        QVERIFY_THROWS_EXCEPTION(Error, colourMapFromName("jet"));
    }

    void indexIsTheFormulas()
    {
        std::mt19937 random(2);
        std::uniform_real_distribution<double> exponent(-12, 6);
        constexpr DecibelRange kRange{-70, 25};
        std::vector<float> power;
        for (int i = 0; i < 10'007; ++i)
            power.push_back(static_cast<float>(std::pow(10.0, exponent(random))));
        std::vector<std::uint8_t> indices(power.size());
        powerToColourIndex(power, kRange, indices);
        for (std::size_t i = 0; i < power.size(); ++i) {
            const double place = 256 * (10 * std::log10(static_cast<double>(power[i])) + 70) / 95;
            // 0.001 dB is 0.003 of an index here.
            const double low = std::clamp(std::floor(place - 0.003), 0.0, 255.0);
            const double high = std::clamp(std::floor(place + 0.003), 0.0, 255.0);
            QVERIFY2(indices[i] == low || indices[i] == high, qPrintable(QString::number(power[i])));
        }
    }

    void oddPowersHaveTheirPlaces()
    {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> power = {0, -1, 1e-45f, kNan, kInfinity, 3e38f, 1, -kInfinity, -kNan};
        std::vector<std::uint8_t> indices(power.size());
        powerToColourIndex(power, {-10, 10}, indices);
        QCOMPARE(indices, (std::vector<std::uint8_t>{0, 0, 0, 0, 255, 255, 128, 0, 0}));
        std::vector<std::uint32_t> pixels(power.size());
        const std::array<std::uint32_t, 256> &table = colourTableArgb(ColourMap::viridis);
        powerToPixels(power, {-10, 10}, table, pixels);
        QCOMPARE(pixels[3], 0u); // what is missing is transparent
        QCOMPARE(pixels[8], 0u);
        QCOMPARE(pixels[0], table[0]);
        QCOMPARE(pixels[4], table[255]);
        QCOMPARE(table[0], 0xff440154u); // viridis begins at 68, 1, 84
    }

    void equalEndsOfARangeDoNotDivideByZero()
    {
        std::vector<std::uint8_t> indices(2);
        powerToColourIndex(std::vector<float>{0.5f, 2.0f}, {0, 0}, indices);
        QCOMPARE(indices, (std::vector<std::uint8_t>{0, 255}));
    }

    void suggestedRangeHoldsTheBulk()
    {
        // Levels even from −80 to 20 dB: a twentieth lies below −75, a thousandth above 19.9.
        std::vector<float> power;
        for (int i = 0; i < 200'000; ++i)
            power.push_back(static_cast<float>(std::pow(10.0, (-80 + 100.0 * ((i * 7919) % 200'000) / 200'000) / 10)));
        const DecibelRange range = suggestDecibelRange(power);
        QVERIFY(std::abs(range.lowDb + 75) <= 2);
        QVERIFY(std::abs(range.highDb - 20) <= 1);
        QCOMPARE(suggestDecibelRange({}), DecibelRange{});
        QCOMPARE(suggestDecibelRange(std::vector<float>(10, 0.0f)), DecibelRange{});
        const DecibelRange flat = suggestDecibelRange(std::vector<float>(100, 1.0f));
        QCOMPARE(flat.highDb - flat.lowDb, 20.0f);
    }
};

QTEST_GUILESS_MAIN(ColourMapTest)
#include "colour_map_test.moc"
