#include "widgets/spectrogram/compute.h"
#include "widgets/spectrogram/view.h"

#include "core/base/error.h"
#include "core/signal/spectrogram_image.h"
#include "tests/support/lane_fixtures.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QSignalSpy>

#include <numbers>

using namespace kino;

class SpectrogramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sineStandsInItsBinWithItsPower();
    void columnsLieAtTheirFramesCentres();
    void magnitudeHasNoAxis();
    void noFrameSpansAGap();
    void missingNumbersLeaveAHole();
    void unevenStreamKeepsItsFrequency();
    void scrollingDoesNotShiftTheFrames();
    void manyFramesKeepTheirPeaks();
    void triaxialImageIsTheModelsTensor();
    void surroundingsOfTheImageFillTheView();
    void badgeNeedsEveryCellAndAnEvenSeries();
    void reasonIsGivenWhereThereIsNoImage();
    void cancelledWorkStops();
    void pixelsAreTheColourOfTheirPower();
    void logarithmicAxisPutsAnOctaveInEqualHeights();
    void zeroPaddingInterpolatesTheSpectrum();
    void sideMarginsMoveThePlot();

private:
    static SpectrogramRequest request(const std::shared_ptr<const LaneData> &lane, double fromSeconds, double toSeconds);
};

static constexpr double kRate = 100;

static std::shared_ptr<const LaneData> laneOf(std::vector<Nanos> times, std::size_t axes, const std::function<float(std::size_t, std::size_t)> &value, ClockMap<DeviceClock> clock = {})
{
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, std::move(times), axes, value)}, clock);
    return buildLane(device, device.streams[0], {});
}

static float sine(double hz, double amplitude, double seconds) { return static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hz * seconds)); }

SpectrogramRequest SpectrogramTest::request(const std::shared_ptr<const LaneData> &lane, double fromSeconds, double toSeconds)
{
    SpectrogramRequest wanted;
    wanted.lane = lane;
    wanted.stft.windowSamples = 128;
    wanted.stft.hopSamples = 16;
    wanted.visible = {{kino::fromSeconds(fromSeconds)}, {kino::fromSeconds(toSeconds)}};
    return wanted;
}

void SpectrogramTest::sineStandsInItsBinWithItsPower()
{
    // 25 Hz lies on bin 32 of 128 at 100 Hz. There |X| = A · Σw / 2, and the one-sided density is 2 |X|² / (rate · Σw²);
    // a periodic Hann window of n samples has Σw = n / 2 and Σw² = 3 n / 8.
    const double amplitude = 3;
    const auto lane = laneOf(test::evenTimes(3000, kRate), 1, [&](std::size_t, std::size_t sample) { return sine(25, amplitude, static_cast<double>(sample) / kRate); });
    const auto data = computeSpectrogram(request(lane, 5, 20), {});
    QCOMPARE(data->bins, std::size_t{65});
    QCOMPARE(data->topHz, 50.0);
    const double sumOfWindow = 128.0 / 2;
    const double sumOfSquares = 128.0 * 3 / 8;
    const double expected = 2 * std::pow(amplitude * sumOfWindow / 2, 2) / (kRate * sumOfSquares);
    const std::optional<float> power = data->powerAt({10 * kNanosPerSecond}, 25);
    QVERIFY(power);
    QVERIFY2(std::abs(*power / expected - 1) < 1e-4, qPrintable(QString::number(*power) + " " + QString::number(expected)));
    QVERIFY(*data->powerAt({10 * kNanosPerSecond}, 10) < expected * 1e-8);
    QVERIFY(!data->powerAt({10 * kNanosPerSecond}, 51));
}

void SpectrogramTest::columnsLieAtTheirFramesCentres()
{
    // One sample that is not zero, at 10 s of a clock that is 2 s late: frames that hold it have power, and the strongest
    // is the one whose centre is nearest.
    const auto lane = laneOf(test::evenTimes(3000, kRate), 1, [](std::size_t, std::size_t sample) { return sample == 1000 ? 1.0F : 0.0F; }, {2 * kNanosPerSecond, 0});
    SpectrogramRequest wanted = request(lane, 2, 32);
    wanted.stft.hopSamples = 1;
    wanted.columns = 4000;
    const auto data = computeSpectrogram(wanted, {});
    float strongest = 0;
    Nanos at = 0;
    for (Nanos ns = 8 * kNanosPerSecond; ns < 16 * kNanosPerSecond; ns += 5'000'000) {
        const std::optional<float> power = data->powerAt({ns}, 20);
        if (power && *power > strongest) {
            strongest = *power;
            at = ns;
        }
    }
    QVERIFY2(std::abs(at - 12 * kNanosPerSecond) <= 15'000'000, qPrintable(QString::number(at)));
}

void SpectrogramTest::magnitudeHasNoAxis()
{
    // A vector of constant length that turns at 10 Hz: each axis swings, the magnitude rests.
    const auto lane = laneOf(test::evenTimes(3000, kRate), 2, [](std::size_t axis, std::size_t sample) {
        return static_cast<float>(axis == 0 ? std::cos(2 * std::numbers::pi * 10 * static_cast<double>(sample) / kRate) : std::sin(2 * std::numbers::pi * 10 * static_cast<double>(sample) / kRate));
    });
    SpectrogramRequest wanted = request(lane, 0, 30);
    const double ofAxis = *computeSpectrogram(wanted, {})->powerAt({10 * kNanosPerSecond}, 10.15);
    wanted.source = SpectrogramSource::magnitude;
    const auto data = computeSpectrogram(wanted, {});
    QVERIFY(*data->powerAt({10 * kNanosPerSecond}, 10.15) < ofAxis * 1e-9);
    QVERIFY(*data->powerAt({10 * kNanosPerSecond}, 0) > 0.1);
}

void SpectrogramTest::noFrameSpansAGap()
{
    std::vector<Nanos> times = test::evenTimes(500, kRate);
    for (const Nanos at : test::evenTimes(500, kRate, 8 * kNanosPerSecond))
        times.push_back(at);
    const auto lane = laneOf(times, 1, [](std::size_t, std::size_t sample) { return static_cast<float>(sample % 5); });
    const auto data = computeSpectrogram(request(lane, 0, 13), {});
    QCOMPARE(data->stretches.size(), std::size_t{2});
    QVERIFY(data->stretches[0].range.end.ns < 5 * kNanosPerSecond);
    QVERIFY(data->stretches[1].range.start.ns > 8 * kNanosPerSecond);
    QVERIFY(!data->powerAt({6 * kNanosPerSecond}, 10));
}

void SpectrogramTest::missingNumbersLeaveAHole()
{
    const auto lane = laneOf(test::evenTimes(3000, kRate), 1, [](std::size_t, std::size_t sample) { return sample == 1500 ? std::numeric_limits<float>::quiet_NaN() : sine(10, 1, static_cast<double>(sample) / kRate); });
    const auto data = computeSpectrogram(request(lane, 0, 30), {});
    QVERIFY(std::isnan(*data->powerAt({15 * kNanosPerSecond}, 10)));
    QVERIFY(*data->powerAt({12 * kNanosPerSecond}, 10) > 0);
}

void SpectrogramTest::unevenStreamKeepsItsFrequency()
{
    // A phone's times: 10 ms give or take 3. Taken as even samples the sine would smear; on a grid it stands in its bin.
    std::vector<Nanos> times;
    std::uint32_t state = 7;
    for (std::size_t sample = 0; sample < 3000; ++sample) {
        state = state * 1664525u + 1013904223u;
        times.push_back(static_cast<Nanos>(sample) * 10'000'000 + static_cast<Nanos>(state >> 8) % 6'000'000 - 3'000'000 + 3'000'000);
    }
    const auto lane = laneOf(times, 1, [&](std::size_t, std::size_t sample) { return sine(6.25, 2, toSeconds(times[sample])); });
    const auto data = computeSpectrogram(request(lane, 5, 25), {});
    const double inBin = *data->powerAt({15 * kNanosPerSecond}, 6.25);
    QVERIFY(*data->powerAt({15 * kNanosPerSecond}, 12.5) < inBin * 1e-3);
    QVERIFY(*data->powerAt({15 * kNanosPerSecond}, 30) < inBin * 1e-3);
    const double expected = 2 * std::pow(2 * 64.0 / 2, 2) / (lane->timing.rateHz * 48);
    QVERIFY2(std::abs(inBin / expected - 1) < 0.05, qPrintable(QString::number(inBin) + " " + QString::number(expected)));
}

void SpectrogramTest::scrollingDoesNotShiftTheFrames()
{
    std::uint32_t state = 1;
    const auto lane = laneOf(test::evenTimes(20000, kRate), 1, [&](std::size_t, std::size_t) {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 16) / 65536;
    });
    const auto one = computeSpectrogram(request(lane, 50, 60), {});
    const auto other = computeSpectrogram(request(lane, 50.037, 60.037), {});
    for (double at = 52; at < 58; at += 0.111)
        QCOMPARE(one->powerAt({fromSeconds(at)}, 12), other->powerAt({fromSeconds(at)}, 12));
}

void SpectrogramTest::manyFramesKeepTheirPeaks()
{
    // One loud second in ten minutes, on 100 columns.
    const auto lane = laneOf(test::evenTimes(60000, kRate), 1, [](std::size_t, std::size_t sample) { return sample >= 30000 && sample < 30200 ? sine(25, 1, static_cast<double>(sample) / kRate) : 0.0F; });
    SpectrogramRequest wanted = request(lane, 0, 600);
    wanted.columns = 100;
    const auto data = computeSpectrogram(wanted, {});
    QVERIFY(data->stretches[0].columns <= 200);
    const double expected = 2 * std::pow(64.0 / 2, 2) / (kRate * 48);
    QVERIFY(std::abs(*data->powerAt({301 * kNanosPerSecond}, 25) / expected - 1) < 1e-3);
}

static std::shared_ptr<const LaneData> triaxialLane(std::vector<Nanos> times)
{
    return laneOf(std::move(times), 3, [](std::size_t axis, std::size_t sample) {
        return sine(3 + 7 * static_cast<double>(axis), 1 + static_cast<double>(sample) / 1000, static_cast<double>(sample) / kRate) + 0.1F * static_cast<float>(sample * (axis + 3) % 11);
    });
}

void SpectrogramTest::triaxialImageIsTheModelsTensor()
{
    const auto lane = triaxialLane(test::evenTimes(3000, kRate));
    SpectrogramRequest wanted = request(lane, 10, 20);
    wanted.source = SpectrogramSource::triaxial;
    const auto data = computeSpectrogram(wanted, {});
    // What a model is given for samples 1000 … 1999.
    std::array<std::vector<double>, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis)
        axes[axis].assign(lane->values[axis].begin() + 1000, lane->values[axis].begin() + 2000);
    const SpectrogramImage tensor = computeSpectrogramImage(axes[0], axes[1], axes[2]);
    QCOMPARE(data->image.size(), QSize(static_cast<int>(tensor.frames), 65));
    for (std::size_t bin = 0; bin < 65; ++bin) {
        for (std::size_t frame = 0; frame < tensor.frames; ++frame) {
            const QRgb pixel = data->image.pixel(static_cast<int>(frame), static_cast<int>(64 - bin));
            QCOMPARE(qRed(pixel), int{tensor.at(0, bin, frame)});
            QCOMPARE(qGreen(pixel), int{tensor.at(1, bin, frame)});
            QCOMPARE(qBlue(pixel), int{tensor.at(2, bin, frame)});
        }
    }
    QVERIFY(data->isModelInput);
}

/** Windows before and after are those that the same samples give in a longer view, in the scale of the image. */
void SpectrogramTest::surroundingsOfTheImageFillTheView()
{
    const auto lane = triaxialLane(test::evenTimes(3000, kRate));
    SpectrogramRequest wanted = request(lane, 10, 11.8);
    wanted.source = SpectrogramSource::triaxial;
    const auto data = computeSpectrogram(wanted, {});
    QCOMPARE(data->image.width(), 5); // (180 - 128) / 12 + 1
    // Half a window, 64 samples, is reached by six hops of 12 on either side.
    QCOMPARE(data->before.image.width(), 6);
    QCOMPARE(data->after.image.width(), 6);
    QCOMPARE(data->before.range.end, data->imageRange.start);
    QCOMPARE(data->after.range.start, data->imageRange.end);
    QVERIFY(data->before.range.start <= wanted.visible.start && data->after.range.end >= wanted.visible.end);
    QVERIFY(data->isModelInput && data->whyNoModelInput.empty());
    // By the definition, from the power that methods 1.2 prescribes: the scale is that of the five windows in view.
    std::vector<double> inView(lane->values[0].begin() + 1000, lane->values[0].begin() + 1180);
    std::vector<double> around(lane->values[0].begin() + 1000 - 72, lane->values[0].begin() + 1000 + 56);
    const std::vector<double> shown = modelPower(inView);
    const double low = 10 * std::log10(*std::ranges::min_element(shown)), high = 10 * std::log10(*std::ranges::max_element(shown));
    const std::vector<double> first = modelPower(around);
    QCOMPARE(first.size(), std::size_t{65});
    for (int bin = 0; bin < 65; ++bin) {
        const double share = (10 * std::log10(first[static_cast<std::size_t>(bin)]) - low) / (high - low);
        const int expected = invertedGreys()[static_cast<std::size_t>(std::clamp(256 * share, 0.0, 255.0))];
        QCOMPARE(qRed(data->before.image.pixel(0, 64 - bin)), expected);
    }
    // At the ends of the recording, and beside what is no number, there is nothing to show.
    wanted = request(lane, 0, 1.8);
    wanted.source = SpectrogramSource::triaxial;
    QVERIFY(computeSpectrogram(wanted, {})->before.image.isNull());
    wanted = request(lane, 28.2, 30);
    wanted.source = SpectrogramSource::triaxial;
    QVERIFY(computeSpectrogram(wanted, {})->after.image.isNull());
    wanted.columns = 3;
    QVERIFY(!computeSpectrogram(wanted, {})->whyNoModelInput.empty());
}

void SpectrogramTest::badgeNeedsEveryCellAndAnEvenSeries()
{
    SpectrogramRequest wanted = request(triaxialLane(test::evenTimes(3000, kRate)), 10, 20);
    wanted.source = SpectrogramSource::triaxial;
    wanted.columns = 72; // 73 frames
    QVERIFY(!computeSpectrogram(wanted, {})->isModelInput);
    wanted.columns = 73;
    QVERIFY(computeSpectrogram(wanted, {})->isModelInput);
    std::vector<Nanos> uneven = test::evenTimes(3000, kRate);
    uneven[1500] += 2'000'000;
    wanted.lane = triaxialLane(uneven);
    QVERIFY(!computeSpectrogram(wanted, {})->isModelInput);
}

void SpectrogramTest::reasonIsGivenWhereThereIsNoImage()
{
    SpectrogramRequest wanted = request(triaxialLane(test::evenTimes(3000, kRate)), 10, 11);
    wanted.source = SpectrogramSource::triaxial;
    QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogram(wanted, {}));
    std::vector<Nanos> times = test::evenTimes(3000, kRate);
    for (std::size_t sample = 1500; sample < times.size(); ++sample)
        times[sample] += 5 * kNanosPerSecond;
    wanted = request(triaxialLane(times), 10, 30);
    wanted.source = SpectrogramSource::triaxial;
    try {
        computeSpectrogram(wanted, {});
        QFAIL("an image across a gap");
    } catch (const Error &error) {
        QVERIFY(error.sentence().find("gap") != std::string::npos);
    }
    SpectrogramRequest tooLong = request(triaxialLane(test::evenTimes(100, kRate)), 0, 1);
    QVERIFY_THROWS_EXCEPTION(Error, computeSpectrogram(tooLong, {}));
}

void SpectrogramTest::cancelledWorkStops()
{
    const auto lane = laneOf(test::evenTimes(30000, kRate), 1, [](std::size_t, std::size_t) { return 1.0F; });
    CancelToken cancel;
    cancel.cancel();
    QVERIFY_THROWS_EXCEPTION(Cancelled, computeSpectrogram(request(lane, 0, 300), cancel));
}

void SpectrogramTest::pixelsAreTheColourOfTheirPower()
{
    applyTheme(*qApp, ThemeKind::light);
    auto data = std::make_shared<SpectrogramData>();
    data->bins = 3;
    data->topHz = 50;
    // Two columns over the second half of what is in view.
    data->stretches.push_back({{{5 * kNanosPerSecond}, {10 * kNanosPerSecond}}, 2, {1e-6F, 1e-4F, 1e-2F, 1.0F, std::numeric_limits<float>::quiet_NaN(), 2e-3F}});
    SpectrogramView view;
    view.resize(488, 328);
    view.setVisibleRange({{0}, {10 * kNanosPerSecond}});
    view.setData(data);
    view.setDecibels(DecibelRange{-60, 0});
    view.setColourMap(ColourMap::viridis);
    const QImage image = view.grab().toImage();
    const QRect plot = view.plotArea();
    QCOMPARE(plot.width(), 400);
    QCOMPARE(plot.height(), 300);
    const auto colourOf = [](double decibels) {
        const int level = std::clamp(static_cast<int>(std::floor((decibels + 60) / 60 * 256)), 0, 255);
        return QColor::fromRgb(colourTableArgb(ColourMap::viridis)[static_cast<std::size_t>(level)]);
    };
    const auto pixel = [&](int x, double share) { return image.pixelColor(plot.left() + x, plot.bottom() - static_cast<int>(share * 299)); };
    QCOMPARE(pixel(100, 0.5), lightTheme().plot); // nothing was computed there
    QCOMPARE(pixel(250, 0.05), colourOf(-60));
    QCOMPARE(pixel(250, 0.5), colourOf(-40));
    QCOMPARE(pixel(250, 0.95), colourOf(-20));
    QCOMPARE(pixel(350, 0.05), colourOf(0));
    QCOMPARE(pixel(350, 0.5), lightTheme().plot); // NaN
    QCOMPARE(pixel(350, 0.95), colourOf(-26.98970004)); // 10·log10(0.002)
    // Another range costs no transform and changes the picture.
    view.setDecibels(DecibelRange{-30, 0});
    QCOMPARE(view.grab().toImage().pixelColor(plot.left() + 250, plot.bottom() - 150), QColor::fromRgb(colourTableArgb(ColourMap::viridis)[0]));
    QSignalSpy scrubs(&view, &SpectrogramView::playheadRequested);
    QTest::mouseClick(&view, Qt::LeftButton, {}, {plot.left() + 100, plot.center().y()});
    QCOMPARE(scrubs.at(0).at(0).value<RecordingTime>().ns, 2'500'000'000);
}

void SpectrogramTest::logarithmicAxisPutsAnOctaveInEqualHeights()
{
    // 12.5 Hz, a bin of 128 samples at 100 Hz.
    const auto lane = laneOf(test::evenTimes(3000, kRate), 1, [](std::size_t, std::size_t sample) { return sine(12.5, 1, static_cast<double>(sample) / kRate); });
    SpectrogramView view;
    view.resize(600, 400);
    view.setVisibleRange({{5 * kNanosPerSecond}, {20 * kNanosPerSecond}});
    view.setData(computeSpectrogram(request(lane, 5, 20), {}));
    view.setColourMap(ColourMap::grey);
    view.setFrequencyScale(FrequencyScale::logarithmic);
    const QRect plot = view.plotArea();
    // From the first bin, 100/128 Hz, to 50 Hz: six octaves.
    QVERIFY(std::abs(view.hzAt(plot.bottom() + 1) - 100.0 / 128) < 1e-9);
    QVERIFY(std::abs(view.hzAt(plot.top()) - 50) < 1e-9);
    for (const double hz : {1.0, 3.7, 12.5, 40.0}) {
        QVERIFY(std::abs(view.yOf(hz) - view.yOf(2 * hz) - plot.height() / 6.0) < 1e-6);
        QVERIFY(std::abs(view.hzAt(view.yOf(hz)) / hz - 1) < 1e-9);
    }
    // And so it is painted: the sine's bin lies about its own height, and reaches half a bin either way.
    const QImage image = view.grab().toImage();
    int brightest = 0;
    for (int y = plot.top(); y <= plot.bottom(); ++y)
        brightest = std::max(brightest, qGray(image.pixel(plot.center().x(), y)));
    int top = plot.bottom();
    int bottom = plot.top();
    for (int y = plot.top(); y <= plot.bottom(); ++y) {
        if (qGray(image.pixel(plot.center().x(), y)) == brightest) {
            top = std::min(top, y);
            bottom = std::max(bottom, y);
        }
    }
    QVERIFY2(std::abs(top - view.yOf(12.5 + 50.0 / 128)) <= 1.5, qPrintable(QString::number(top)));
    QVERIFY2(std::abs(bottom + 1 - view.yOf(12.5 - 50.0 / 128)) <= 1.5, qPrintable(QString::number(bottom)));
}

void SpectrogramTest::zeroPaddingInterpolatesTheSpectrum()
{
    // 12.89 Hz lies half-way between two bins of 128 samples, on bin 33 of 256: padded, the peak stands at its own place
    // with the power of a sine on its bin.
    const double hz = 33 * kRate / 256;
    const auto lane = laneOf(test::evenTimes(3000, kRate), 1, [&](std::size_t, std::size_t sample) { return sine(hz, 1, static_cast<double>(sample) / kRate); });
    SpectrogramRequest padded = request(lane, 5, 20);
    padded.stft.fftSamples = 256;
    const auto data = computeSpectrogram(padded, {});
    QCOMPARE(data->bins, std::size_t{129});
    QCOMPARE(data->topHz, 50.0);
    QCOMPARE(data->lowestLogHz, kRate / 128); // padding sees nothing lower
    const double onItsBin = 2 * std::pow(64.0 / 2, 2) / (kRate * 48);
    QVERIFY(std::abs(*data->powerAt({10 * kNanosPerSecond}, hz) / onItsBin - 1) < 1e-3);
    // Unpadded, the nearest bin is half a bin off, where a Hann window has lost 1.42 dB.
    const double lost = 10 * std::log10(*computeSpectrogram(request(lane, 5, 20), {})->powerAt({10 * kNanosPerSecond}, 33 * kRate / 256 - 0.05) / onItsBin);
    QVERIFY2(std::abs(lost + 1.42) < 0.05, qPrintable(QString::number(lost)));
}

void SpectrogramTest::sideMarginsMoveThePlot()
{
    SpectrogramView view;
    view.resize(900, 300);
    const QRect usual = view.plotArea();
    QSignalSpy resized(&view, &SpectrogramView::plotResized);
    view.setSideMargins(std::pair(168, 12));
    QCOMPARE(resized.size(), 1); // another width wants other columns
    QCOMPARE(view.plotArea().left(), 168);
    QCOMPARE(view.plotArea().right(), 900 - 12 - 1);
    QCOMPARE(view.plotArea().top(), usual.top());
    view.setSideMargins(std::pair(168, 12));
    QCOMPARE(resized.size(), 1);
    view.setSideMargins(std::nullopt);
    QCOMPARE(view.plotArea(), usual);
}

QTEST_MAIN(SpectrogramTest)
#include "spectrogram_test.moc"
