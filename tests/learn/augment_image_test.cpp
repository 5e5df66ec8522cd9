// Augmentations of pictures: torchvision's numbers (0.28's functions for float tensors, on PyTorch 2.13), torch's interpolate,
// scipy's gaussian_filter1d (1.17.1), exact properties, distributions of what is drawn.
#include "core/base/error.h"
#include "core/base/simd.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/augment/picture_colour.h"
#include "core/learn/augment/picture_geometry.h"
#include "tests/support/distribution.h"

#include <QtTest>

#include <numeric>
#include <set>

using namespace kino;

#ifdef KINO_SIMD_X86
namespace kino {
void turnHueBase(float *, float *, float *, std::size_t, float);
void turnHueAvx2(float *, float *, float *, std::size_t, float);
void weighRowsBase(const float *const *, const float *const *, const float *, std::size_t, float *, std::size_t);
void weighRowsAvx2(const float *const *, const float *const *, const float *, std::size_t, float *, std::size_t);
} // namespace kino
#endif

namespace {

using Json = nlohmann::json;
using Values = std::vector<float>;

constexpr SampleShape kSmall{3, 3, 4};
constexpr SampleShape kPicture{3, 96, 128};

/** [3, 3, 4]: all orders of the channels, a grey pixel, one without blue, one of full green. */
const Values kColours = {0.62f, 0.11f, 0.93f, 0.40f, 0.05f, 0.78f, 0.50f, 0.27f, 0.84f, 0.33f, 0.00f, 0.71f, //
                         0.18f, 0.95f, 0.36f, 0.40f, 0.66f, 0.09f, 0.50f, 0.81f, 0.22f, 0.57f, 1.00f, 0.45f, //
                         0.73f, 0.29f, 0.52f, 0.40f, 0.88f, 0.14f, 0.10f, 0.61f, 0.97f, 0.02f, 0.35f, 0.79f};

Json one(const char *name, Json options = Json::object()) { return Json::array({{{"name", name}, {"options", std::move(options)}}}); }

Values drawnPicture(const SampleShape &shape, std::uint64_t seed)
{
    Values values(shape.size());
    RandomStream stream(seed);
    for (float &value : values)
        value = static_cast<float>(stream.uniform());
    return values;
}

Values augmented(const AugmentationChain &chain, Values values, const SampleShape &shape, const RandomStream &stream)
{
    chain.apply(values, shape, stream);
    return values;
}

bool areClose(const Values &a, const Values &b, double tolerance)
{
    return std::ranges::equal(a, b, [=](float x, float y) { return std::abs(static_cast<double>(x) - y) <= tolerance; });
}

bool isInUnit(const Values &values)
{
    return std::ranges::all_of(values, [](float value) { return value >= 0 && value <= 1; });
}

/** Each value its column, in a picture [3, 2, width]. */
Values columns(std::int64_t width)
{
    Values values(static_cast<std::size_t>(6 * width));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % static_cast<std::size_t>(width));
    return values;
}

std::vector<int> countsOf(const std::map<Values, int> &found)
{
    std::vector<int> counts;
    for (const auto &[values, count] : found)
        counts.push_back(count);
    return counts;
}

} // namespace

class AugmentImageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void coloursAreTorchvisions_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<float>("factor");
        QTest::addColumn<Values>("expected");
        QTest::newRow("brightness 1.3") << "brightness" << 1.3f
            << Values{0.806000f, 0.143000f, 1.000000f, 0.520000f, 0.065000f, 1.000000f, 0.650000f, 0.351000f, 1.000000f, 0.429000f, 0.000000f, 0.923000f,
                      0.234000f, 1.000000f, 0.468000f, 0.520000f, 0.858000f, 0.117000f, 0.650000f, 1.000000f, 0.286000f, 0.741000f, 1.000000f, 0.585000f,
                      0.949000f, 0.377000f, 0.676000f, 0.520000f, 1.000000f, 0.182000f, 0.130000f, 0.793000f, 1.000000f, 0.026000f, 0.455000f, 1.000000f};
        QTest::newRow("contrast 0.7") << "contrast" << 0.7f
            << Values{0.582766f, 0.225766f, 0.799766f, 0.428766f, 0.183766f, 0.694766f, 0.498766f, 0.337766f, 0.736766f, 0.379766f, 0.148766f, 0.645766f,
                      0.274766f, 0.813766f, 0.400766f, 0.428766f, 0.610766f, 0.211766f, 0.498766f, 0.715766f, 0.302766f, 0.547766f, 0.848766f, 0.463766f,
                      0.659766f, 0.351766f, 0.512766f, 0.428766f, 0.764766f, 0.246766f, 0.218766f, 0.575766f, 0.827766f, 0.162766f, 0.393766f, 0.701766f};
        QTest::newRow("contrast 1.6") << "contrast" << 1.6f
            << Values{0.694468f, 0.000000f, 1.000000f, 0.342468f, 0.000000f, 0.950468f, 0.502468f, 0.134468f, 1.000000f, 0.230468f, 0.000000f, 0.838468f,
                      0.000000f, 1.000000f, 0.278468f, 0.342468f, 0.758468f, 0.000000f, 0.502468f, 0.998468f, 0.054468f, 0.614468f, 1.000000f, 0.422468f,
                      0.870468f, 0.166468f, 0.534468f, 0.342468f, 1.000000f, 0.000000f, 0.000000f, 0.678468f, 1.000000f, 0.000000f, 0.262468f, 0.966468f};
        QTest::newRow("saturation 1.5") << "saturation" << 1.5f
            << Values{0.742901f, 0.000000f, 1.000000f, 0.400020f, 0.000000f, 1.000000f, 0.522825f, 0.092144f, 1.000000f, 0.277247f, 0.000000f, 0.781785f,
                      0.082901f, 1.000000f, 0.265712f, 0.400020f, 0.738657f, 0.000000f, 0.522825f, 0.902143f, 0.084602f, 0.637246f, 1.000000f, 0.391785f,
                      0.907901f, 0.123205f, 0.505711f, 0.400020f, 1.000000f, 0.059034f, 0.000000f, 0.602144f, 1.000000f, 0.000000f, 0.211550f, 0.901786f};
        QTest::newRow("saturation 0.3") << "saturation" << 0.3f
            << Values{0.447939f, 0.469512f, 0.663004f, 0.399972f, 0.366880f, 0.445352f, 0.468045f, 0.518999f, 0.595557f, 0.403855f, 0.438830f, 0.609500f,
                      0.315939f, 0.721512f, 0.492004f, 0.399972f, 0.549880f, 0.238352f, 0.468045f, 0.680999f, 0.409557f, 0.475855f, 0.738830f, 0.531500f,
                      0.480939f, 0.523512f, 0.540004f, 0.399972f, 0.615880f, 0.253352f, 0.348045f, 0.620999f, 0.634557f, 0.310855f, 0.543830f, 0.633500f};
        QTest::newRow("hue 0.1") << "hue" << 0.1f
            << Values{0.730000f, 0.110000f, 0.930000f, 0.400000f, 0.050000f, 0.780000f, 0.260000f, 0.270000f, 0.970000f, 0.020000f, 0.000000f, 0.790000f,
                      0.180000f, 0.950000f, 0.542000f, 0.400000f, 0.161999f, 0.454000f, 0.500000f, 0.686000f, 0.220000f, 0.570000f, 1.000000f, 0.450000f,
                      0.510000f, 0.794000f, 0.360000f, 0.400000f, 0.880000f, 0.090000f, 0.100000f, 0.810000f, 0.650000f, 0.040000f, 0.950000f, 0.666000f};
        QTest::newRow("hue -0.35") << "hue" << -0.35f
            << Values{0.180000f, 0.950000f, 0.360000f, 0.400000f, 0.742999f, 0.090000f, 0.460000f, 0.810000f, 0.220000f, 0.570000f, 1.000000f, 0.450000f,
                      0.730000f, 0.206000f, 0.577000f, 0.400000f, 0.880000f, 0.209000f, 0.100000f, 0.556000f, 0.970000f, 0.020000f, 0.250000f, 0.790000f,
                      0.565000f, 0.110000f, 0.930000f, 0.400000f, 0.050000f, 0.780000f, 0.500000f, 0.270000f, 0.765001f, 0.385000f, 0.000000f, 0.676000f};
        QTest::newRow("hue 0.5") << "hue" << 0.5f
            << Values{0.290000f, 0.950000f, 0.360000f, 0.400000f, 0.880000f, 0.090000f, 0.100000f, 0.810000f, 0.350000f, 0.260000f, 1.000000f, 0.530000f,
                      0.730000f, 0.110000f, 0.930000f, 0.400000f, 0.270001f, 0.780000f, 0.100000f, 0.270000f, 0.970000f, 0.020000f, 0.000000f, 0.790000f,
                      0.180000f, 0.770000f, 0.770000f, 0.400000f, 0.050000f, 0.730000f, 0.500000f, 0.470000f, 0.220000f, 0.570000f, 0.650000f, 0.450000f};
        const Values grey = {0.374198f, 0.623589f, 0.548577f, 0.399960f, 0.502685f, 0.301932f, 0.454350f, 0.625713f, 0.490796f, 0.435507f, 0.626900f, 0.566429f};
        Values greyThrice;
        for (int channel = 0; channel < 3; ++channel)
            greyThrice.insert(greyThrice.end(), grey.begin(), grey.end());
        QTest::newRow("grey") << "grey" << 0.0f << greyThrice;
        QTest::newRow("saturation 0") << "saturation" << 0.0f << greyThrice;
    }
    void coloursAreTorchvisions()
    {
        QFETCH(QString, what);
        QFETCH(float, factor);
        QFETCH(Values, expected);
        Values picture = kColours;
        if (what == u"brightness")
            adjustBrightness(picture, factor);
        else if (what == u"contrast")
            adjustContrast(picture, factor);
        else if (what == u"saturation")
            adjustSaturation(picture, factor);
        else if (what == u"hue")
            adjustHue(picture, factor);
        else
            makeGrey(picture);
        QVERIFY(areClose(picture, expected, 2e-6));
    }

    void aThirdOfATurnLeadsFromAxisToAxis()
    {
        // Red, green, blue, yellow: red's place is taken by green's.
        Values picture = {1, 0, 0, 1, /**/ 0, 1, 0, 1, /**/ 0, 0, 1, 0};
        adjustHue(picture, 1.0f / 3);
        QVERIFY(areClose(picture, {0, 0, 1, 0, /**/ 1, 0, 0, 1, /**/ 0, 1, 0, 1}, 1e-6));
        Values whole = drawnPicture(kPicture, 1);
        const Values before = whole;
        adjustHue(whole, 0.25f);
        QVERIFY(!areClose(whole, before, 0.1));
        adjustHue(whole, -0.25f);
        QVERIFY(areClose(whole, before, 2e-6));
    }

    // torch.nn.functional.interpolate(bilinear, align_corners=False) of the box to 3 x 4; with antialias=True it is the same.
    void aCropIsEnlargedAsByTorch()
    {
        AugmentationScratch scratch;
        Values picture = kColours;
        resizeCrop(picture, kSmall, {1, 0, 2, 3}, scratch);
        QVERIFY(areClose(picture,
                         {0.050000f, 0.506250f, 0.675000f, 0.500000f, 0.445000f, 0.513750f, 0.440625f, 0.250000f, 0.840000f, 0.521250f, 0.206250f, 0.000000f,
                          0.660000f, 0.303750f, 0.243750f, 0.500000f, 0.440000f, 0.371250f, 0.487500f, 0.750000f, 0.220000f, 0.438750f, 0.731250f, 1.000000f,
                          0.880000f, 0.417500f, 0.125000f, 0.100000f, 0.925000f, 0.396875f, 0.134375f, 0.225000f, 0.970000f, 0.376250f, 0.143750f, 0.350000f},
                         1e-6));
        picture = kColours;
        resizeCrop(picture, kSmall, {0, 1, 2, 2}, scratch);
        QVERIFY(areClose(picture,
                         {0.110000f, 0.315000f, 0.725000f, 0.930000f, 0.445000f, 0.512500f, 0.647500f, 0.715000f, 0.780000f, 0.710000f, 0.570000f, 0.500000f,
                          0.950000f, 0.802500f, 0.507500f, 0.360000f, 0.520000f, 0.497500f, 0.452500f, 0.430000f, 0.090000f, 0.192500f, 0.397500f, 0.500000f,
                          0.290000f, 0.347500f, 0.462500f, 0.520000f, 0.215000f, 0.238750f, 0.286250f, 0.310000f, 0.140000f, 0.130000f, 0.110000f, 0.100000f},
                         1e-6));
        picture = kColours;
        resizeCrop(picture, kSmall, {0, 0, 3, 4}, scratch);
        QVERIFY(picture == kColours);
    }

    void cropsAreOfAllowedAreaAndShape()
    {
        RandomStream stream(3);
        std::vector<double> areas, ratios;
        const SampleShape shape{3, 3000, 3000};
        const CropRange range{0.2, 0.5, 4.0 / 3}; // half of a square holds a box of any of these shapes, so that no try fails
        for (int i = 0; i < 20'000; ++i) {
            const CropBox box = drawCrop(stream, shape, range);
            QVERIFY(box.top >= 0 && box.left >= 0 && box.top + box.height <= 3000 && box.left + box.width <= 3000);
            areas.push_back(static_cast<double>(box.height * box.width) / 9e6);
            ratios.push_back(std::log(static_cast<double>(box.width) / static_cast<double>(box.height)));
        }
        // Sides are whole numbers: some hundredths of a percent beside the drawn ones.
        const double edge = 1e-3;
        QVERIFY(test::isUniform(areas, 0.2 - edge, 0.5 + edge));
        QVERIFY(test::isUniform(ratios, -std::log(4.0 / 3) - edge, std::log(4.0 / 3) + edge));
        for (int i = 0; i < 5000; ++i) {
            const CropBox box = drawCrop(stream, kPicture, {0.2, 1, 4.0 / 3});
            QVERIFY(box.height >= 1 && box.width >= 1 && box.top >= 0 && box.left >= 0 && box.top + box.height <= 96 && box.left + box.width <= 128);
            QVERIFY(box.height * box.width > 0.19 * 96 * 128);
        }
        // Where no try can succeed: the largest box in the middle, as torchvision's get_params ends.
        const CropBox wide = drawCrop(stream, {3, 12, 1000}, {0.9, 1, 4.0 / 3});
        QVERIFY(wide.height == 12 && wide.width == 16 && wide.top == 0 && wide.left == 492);
        const CropBox tall = drawCrop(stream, {3, 1000, 12}, {0.9, 1, 4.0 / 3});
        QVERIFY(tall.height == 16 && tall.width == 12 && tall.top == 492 && tall.left == 0);
    }

    // torchvision's gaussian_blur with a kernel of 5 and sigma 0.4; scipy's gaussian_filter1d over both axes with mode="mirror",
    // truncate=4 and sigma 2, whose kernel is wider than the picture.
    void aBlurIsAGaussianBetweenMirrors()
    {
        AugmentationScratch scratch;
        QCOMPARE(blurRadius(0.4), std::int64_t{2});
        Values picture = kColours;
        blurPicture(picture, kSmall, 0.4, scratch);
        QVERIFY(areClose(picture,
                         {0.540857f, 0.210203f, 0.845304f, 0.430353f, 0.155805f, 0.699731f, 0.498522f, 0.309514f, 0.743076f, 0.369736f, 0.079169f, 0.623238f,
                          0.272227f, 0.833236f, 0.394375f, 0.428129f, 0.584174f, 0.178416f, 0.510256f, 0.757543f, 0.277815f, 0.537397f, 0.922897f, 0.517894f,
                          0.704617f, 0.305040f, 0.474875f, 0.422547f, 0.818091f, 0.170382f, 0.147090f, 0.569873f, 0.887358f, 0.079501f, 0.335687f, 0.739455f},
                         1e-6));
        picture = kColours;
        blurPicture(picture, kSmall, 2, scratch);
        picture.resize(12);
        QVERIFY(areClose(picture,
                         {0.4614468f, 0.4616238f, 0.4619513f, 0.4621026f, 0.4610558f, 0.4611616f, 0.4613473f, 0.461428f, 0.4606637f, 0.4606984f, 0.4607422f,
                          0.4607524f},
                         1e-6));
    }

    void aBlurSpreadsAPointEvenlyAndKeepsEvenAreas()
    {
        AugmentationScratch scratch;
        const SampleShape shape{3, 41, 45};
        Values picture(shape.size(), 0.25f);
        blurPicture(picture, shape, 1.7, scratch);
        QVERIFY(areClose(picture, Values(shape.size(), 0.25f), 1e-6));
        picture.assign(shape.size(), 0);
        picture[20 * 45 + 22] = 1;
        blurPicture(picture, shape, 1.7, scratch);
        double sum = 0, spread = 0;
        for (int y = 0; y < 41; ++y) {
            for (int x = 0; x < 45; ++x) {
                const double value = picture[static_cast<std::size_t>(y * 45 + x)];
                sum += value;
                spread += value * ((x - 22) * (x - 22) + (y - 20) * (y - 20));
                QVERIFY(std::abs(value - picture[static_cast<std::size_t>((40 - y) * 45 + 44 - x)]) < 1e-9);
            }
        }
        QVERIFY(std::abs(sum - 1) < 1e-6);
        QVERIFY(std::abs(spread / 2 - 1.7 * 1.7) < 0.01); // cut at 4 sigma: a little less
    }

    void aShiftWrapsOrLeavesBlack()
    {
        std::vector<float> row;
        const Values before = kColours;
        for (const std::int64_t by : {-9, -3, -1, 0, 1, 3, 4, 5}) {
            for (const ShiftEdge edge : {ShiftEdge::wrap, ShiftEdge::fill}) {
                Values picture = before;
                shiftColumns(picture, kSmall, by, edge, row);
                const std::int64_t whole = by % 4; // as far as the width is as good as not at all
                for (std::int64_t i = 0; i < 36; ++i) {
                    const std::int64_t from = i % 4 - whole;
                    const bool isOutside = from < 0 || from >= 4;
                    const float expected = isOutside && edge == ShiftEdge::fill ? 0 : before[static_cast<std::size_t>(i / 4 * 4 + (from + 4) % 4)];
                    QCOMPARE(picture[static_cast<std::size_t>(i)], expected);
                }
            }
        }
    }

    void shiftsAreUniformInTheirRange()
    {
        const AugmentationChain chain(one("image-time-shift"));
        const SampleShape shape{3, 2, 1000};
        std::vector<double> shifts;
        for (std::uint64_t seed = 0; seed < 5000; ++seed) {
            const Values found = augmented(chain, columns(1000), shape, RandomStream(seed));
            const double shift = found[0] == 0 ? 0 : found[0] > 500 ? 1000 - found[0] : -found[0];
            RandomStream within(seed); // whole columns stand for all that was rounded to them
            shifts.push_back(shift + within.uniform(-0.5, 0.5));
            for (std::size_t i = 1; i < found.size(); ++i)
                QVERIFY(i % 1000 == 0 ? found[i] == found[0] : found[i] == static_cast<float>((static_cast<int>(found[i - 1]) + 1) % 1000));
        }
        QVERIFY(test::isUniform(shifts, -300.5, 300.5));
    }

    void stripsAreOfEqualWidthAndAllOrdersAsLikely()
    {
        const AugmentationChain chain(one("image-strip-permutation"));
        const SampleShape shape{3, 2, 10};
        std::map<Values, int> orders;
        for (std::uint64_t seed = 0; seed < 12'000; ++seed) {
            const Values found = augmented(chain, columns(10), shape, RandomStream(seed));
            for (std::size_t i = 10; i < found.size(); ++i)
                QCOMPARE(found[i], found[i - 10]);
            ++orders[Values(found.begin(), found.begin() + 10)];
        }
        QCOMPARE(orders.size(), std::size_t{24});
        QVERIFY(orders.contains({5, 6, 2, 3, 4, 0, 1, 7, 8, 9})); // cut at 2, 5, 7
        QVERIFY(test::areEven(countsOf(orders), test::kEvenOf24));
        QVERIFY(!chain.problemsFor({3, 2, 3}).empty());
    }

    void channelsAreExchangedEvenly()
    {
        const AugmentationChain chain(one("image-channel-permutation"));
        std::map<Values, int> orders;
        for (std::uint64_t seed = 0; seed < 6000; ++seed)
            ++orders[augmented(chain, {0, 0.1f, 0.4f, 0.5f, 0.8f, 0.9f}, {3, 2, 1}, RandomStream(seed))];
        QCOMPARE(orders.size(), std::size_t{6});
        QVERIFY(orders.contains({0, 0.1f, 0.4f, 0.5f, 0.8f, 0.9f}) && orders.contains({0.4f, 0.5f, 0.8f, 0.9f, 0, 0.1f}));
        QVERIFY(test::areEven(countsOf(orders), test::kEvenOf6));
    }

    void mixedAxesShareOutAllPower()
    {
        const AugmentationChain chain(one("image-channel-mixing"));
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            // Three pixels, the axes one by one: the planes are the mixing matrix.
            const Values found = augmented(chain, {1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1}, {3, 3, 1}, RandomStream(seed));
            QVERIFY(isInUnit(found));
            for (std::size_t i = 0; i < 3; ++i) {
                QVERIFY(std::abs(found[3 * i] + found[3 * i + 1] + found[3 * i + 2] - 1) < 1e-6);
                QVERIFY(std::abs(found[i] + found[3 + i] + found[6 + i] - 1) < 1e-6);
            }
        }
        Values picture = {0.5f, 1, 0.25f, 0.75f, 0.125f, 0};
        mixChannels(picture, {{{0.5f, 0.5f, 0}, {0, 0, 1}, {2, 1, 0}}});
        QVERIFY(areClose(picture, {0.375f, 0.875f, 0.125f, 0, 1, 1}, 1e-6));
    }

    void jitterDrawsTorchvisionsFactorsInAnyOrder()
    {
        RandomStream stream(4);
        std::array<std::vector<double>, 4> factors;
        std::map<Values, int> orders;
        for (int i = 0; i < 24'000; ++i) {
            const Jitter jitter = drawJitter(stream, {0.4, 0.3, 1.5, 0.1});
            Values order;
            for (const Jitter::Step step : jitter.order)
                order.push_back(static_cast<float>(step));
            ++orders[order];
            for (std::size_t step = 0; step < 4; ++step)
                factors[step].push_back(jitter.factors[step]);
        }
        QCOMPARE(orders.size(), std::size_t{24});
        QVERIFY(test::areEven(countsOf(orders), test::kEvenOf24));
        const double edge = 1e-6; // of single precision
        QVERIFY(test::isUniform(factors[0], 0.6 - edge, 1.4 + edge));
        QVERIFY(test::isUniform(factors[1], 0.7 - edge, 1.3 + edge));
        QVERIFY(test::isUniform(factors[2], 0, 2.5 + edge)); // not below 0
        QVERIFY(test::isUniform(factors[3], -0.1 - edge, 0.1 + edge));
    }

    void jitterIsItsStepsOneAfterAnother()
    {
        using Step = Jitter::Step;
        Values expected = kColours;
        adjustSaturation(expected, 1.2f);
        adjustHue(expected, -0.05f);
        adjustContrast(expected, 0.8f);
        adjustBrightness(expected, 1.1f);
        Values picture = kColours;
        applyJitter(picture, {{Step::saturation, Step::hue, Step::contrast, Step::brightness}, {1.1f, 0.8f, 1.2f, -0.05f}});
        QVERIFY(picture == expected);
        applyJitter(picture, {{Step::saturation, Step::hue, Step::contrast, Step::brightness}, {1, 1, 1, 0}});
        QVERIFY(picture == expected);
    }

    void amplitudeTurnsNoHue()
    {
        // On an even grey picture contrast does nothing, so that its value tells the brightness.
        const AugmentationChain chain(one("image-amplitude", {{"probability", 1}}));
        std::vector<double> factors;
        const Values before(6, 0.5f);
        for (std::uint64_t seed = 0; seed < 5000; ++seed) {
            const Values found = augmented(chain, before, {3, 2, 1}, RandomStream(seed));
            for (const float value : found)
                QVERIFY(std::abs(value - found[0]) < 2e-4); // the weights of grey sum to 0.9999
            factors.push_back(found[0] / 0.5);
        }
        QVERIFY(test::isUniform(factors, 0.6 - 2e-4, 1.4 + 2e-4));
    }

    void huesAreUniformInTheirRange()
    {
        const AugmentationChain chain(one("image-hue"));
        std::vector<double> turns;
        for (std::uint64_t seed = 0; seed < 5000; ++seed) {
            const Values found = augmented(chain, {1, 1, 0, 0, 0, 0}, {3, 2, 1}, RandomStream(seed)); // red
            const double red = found[0], green = found[2], blue = found[4];
            const double sixths = red >= 1 ? green - blue : green >= 1 ? 2 + blue - red : 4 + red - green;
            turns.push_back(sixths > 3 ? sixths / 6 - 1 : sixths / 6);
        }
        QVERIFY(test::isUniform(turns, -0.5 - 1e-6, 0.5 + 1e-6));
    }

    void noiseIsNormalAndClamped()
    {
        const AugmentationChain chain(one("image-noise", {{"sigma", 0.05}, {"probability", 1}}));
        const Values found = augmented(chain, Values(kPicture.size(), 0.5f), kPicture, RandomStream(1));
        QVERIFY(test::isNormal(std::vector<double>(found.begin(), found.end()), 0.5, 0.05));
        QVERIFY(isInUnit(augmented(chain, Values(kPicture.size(), 0.99f), kPicture, RandomStream(1))));
    }

    void howOftenEachOfMocosIsApplied_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("probability");
        QTest::newRow("jitter") << "colour-jitter" << 0.8;
        QTest::newRow("grey") << "grayscale" << 0.2;
        QTest::newRow("blur") << "gaussian-blur" << 0.5;
        QTest::newRow("flip") << "horizontal-flip" << 0.5;
    }
    void howOftenEachOfMocosIsApplied()
    {
        QFETCH(QString, name);
        QFETCH(double, probability);
        for (const Json &chainJson : {one(qPrintable(name)), augmentationPreset("moco-v2").chain}) {
            Json list = Json::array();
            for (const Json &entry : chainJson) {
                if (entry["name"] == name.toStdString())
                    list.push_back(entry);
            }
            QCOMPARE(list.size(), std::size_t{1});
            const AugmentationChain chain(list);
            int changed = 0;
            for (std::uint64_t seed = 0; seed < 5000; ++seed)
                changed += augmented(chain, kColours, kSmall, RandomStream(seed)) != kColours;
            // Five standard deviations, and blurs so narrow that nothing moves.
            const double missed = name == u"gaussian-blur" ? 0.05 : 0;
            const double share = changed / 5000.0;
            QVERIFY2(share < probability + 0.036 && share > probability * (1 - missed) - 0.036, qPrintable(QString::number(share)));
        }
    }

    void greyAndFlipDoWhatTheySay()
    {
        const Values grey = augmented(AugmentationChain(one("grayscale", {{"probability", 1}})), kColours, kSmall, RandomStream(1));
        Values expected = kColours;
        makeGrey(expected);
        QVERIFY(grey == expected);
        const Values flipped = augmented(AugmentationChain(one("horizontal-flip", {{"probability", 1}})), kColours, kSmall, RandomStream(1));
        for (std::size_t i = 0; i < 36; ++i)
            QCOMPARE(flipped[i], kColours[i / 4 * 4 + 3 - i % 4]);
    }

    void everyOneIsRepeatableStaysInUnitAndIsItsBatch_data()
    {
        QTest::addColumn<QString>("name");
        for (const AugmentationInfo &info : augmentationInfos()) {
            if (info.input == AugmentationInput::picture)
                QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
        }
    }
    void everyOneIsRepeatableStaysInUnitAndIsItsBatch()
    {
        QFETCH(QString, name);
        const AugmentationChain chain(one(qPrintable(name), {{"probability", 0.5}}));
        const AugmentationChain never(one(qPrintable(name), {{"probability", 0}}));
        for (const SampleShape shape : {SampleShape{3, 9, 13}, {3, 96, 128}}) {
            constexpr std::size_t kCount = 12;
            std::vector<RandomStream> streams;
            Values batch;
            for (std::size_t i = 0; i < kCount; ++i) {
                streams.push_back(RandomStream(7).split(i));
                const Values sample = drawnPicture(shape, 5);
                batch.insert(batch.end(), sample.begin(), sample.end());
            }
            chain.applyBatch(batch, shape, streams);
            QVERIFY(isInUnit(batch));
            std::set<Values> different;
            for (std::size_t i = 0; i < kCount; ++i) {
                const Values alone = augmented(chain, drawnPicture(shape, 5), shape, streams[i]);
                QVERIFY(std::memcmp(alone.data(), batch.data() + i * shape.size(), shape.size() * sizeof(float)) == 0);
                different.insert(alone);
                QVERIFY(augmented(never, drawnPicture(shape, 5), shape, streams[i]) == drawnPicture(shape, 5));
            }
            QVERIFY(different.size() >= 2); // a flip has two outcomes
        }
    }

    void shapesOfAllSizesAndValuesThatAreNotFiniteDoNoHarm()
    {
        const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), -3};
        int applied = 0;
        for (const AugmentationInfo &info : augmentationInfos()) {
            if (info.input != AugmentationInput::picture)
                continue;
            const AugmentationChain chain(one(info.name.c_str(), {{"probability", 1}}));
            for (const SampleShape shape : {SampleShape{3, 2, 1}, {3, 2, 2}, {3, 5, 3}, {3, 200, 1}, {3, 2, 300}, {3, 17, 19}}) {
                if (!chain.problemsFor(shape).empty())
                    continue;
                for (std::uint64_t seed = 0; seed < 10; ++seed) {
                    Values picture = drawnPicture(shape, seed);
                    chain.apply(picture, shape, RandomStream(seed));
                    QVERIFY2(isInUnit(picture), info.name.c_str());
                    for (std::size_t i = 0; i < picture.size(); i += 2)
                        picture[i] = bad[i / 2 % std::size(bad)];
                    chain.apply(picture, shape, RandomStream(seed));
                    ++applied;
                }
            }
        }
        QVERIFY(applied > 600);
    }

    void whatDoesNotFitAPictureIsSaid()
    {
        const AugmentationChain chain(Json::array({{{"name", "grayscale"}}, {{"name", "gaussian-blur"}}}));
        QVERIFY(chain.problemsFor(kPicture).empty());
        for (const SampleShape shape : {SampleShape{1, 96, 128}, {4, 96, 128}, {3, 1, 128}}) {
            const std::vector<std::string> problems = chain.problemsFor(shape);
            QCOMPARE(problems.size(), std::size_t{2});
            QVERIFY(problems[0].find("grayscale is for pictures, [3, height, width]") != std::string::npos);
        }
        const auto problems = augmentationOptionProblems(augmentationInfo("gaussian-blur"), {{"least-sigma", 3}});
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems[0], std::string("\"least-sigma\" of the augmentation gaussian-blur is 3 and lies above its \"most-sigma\", 2."));
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(one("random-resized-crop", {{"least-area", 0.8}, {"most-area", 0.4}})), Error);
    }

    void everyVariantGivesTheSameBits()
    {
#ifndef KINO_SIMD_X86
        QSKIP("this processor has one variant only");
#else
        if (simd::level() == simd::Level::base)
            QSKIP("this machine lacks AVX2");
        Values base = drawnPicture(kPicture, 3);
        Values avx2 = base;
        const std::size_t plane = kPicture.planeSize();
        turnHueBase(base.data(), base.data() + plane, base.data() + 2 * plane, plane, 1.7f);
        turnHueAvx2(avx2.data(), avx2.data() + plane, avx2.data() + 2 * plane, plane, 1.7f);
        QVERIFY(std::memcmp(base.data(), avx2.data(), base.size() * sizeof(float)) == 0);
        const Values rows = drawnPicture({3, 3, 128}, 4);
        const Values weights = {0.4f, 0.2f, 0.05f, 0.05f};
        std::array<const float *, 4> before{}, after{};
        for (std::size_t j = 0; j < 4; ++j) {
            before[j] = rows.data() + 128 * (4 - j);
            after[j] = rows.data() + 128 * (4 + j);
        }
        Values first(128), second(128);
        weighRowsBase(before.data(), after.data(), weights.data(), 3, first.data(), 128);
        weighRowsAvx2(before.data(), after.data(), weights.data(), 3, second.data(), 128);
        QVERIFY(first == second);
        QVERIFY(std::abs(first[5] - (0.4f * rows[517] + 0.2f * (rows[389] + rows[645]) + 0.05f * (rows[261] + rows[773] + rows[133] + rows[901]))) < 1e-6);
#endif
    }
};

QTEST_GUILESS_MAIN(AugmentImageTest)
#include "augment_image_test.moc"
