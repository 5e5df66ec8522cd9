#include "core/data/stream_summary.h"

using namespace kino;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

ImuStream accelerometer(std::vector<Nanos> times, std::vector<std::vector<float>> axes)
{
    ImuStream stream;
    stream.kind = StreamKind::accelerometer;
    stream.axes = {"x", "y", "z"};
    stream.unit = "m/s^2";
    stream.timesNs = std::move(times);
    for (std::vector<float> &axis : axes)
        stream.values.emplace_back(std::move(axis));
    return stream;
}

} // namespace

class StreamSummaryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNumberIsOfTheStream()
    {
        constexpr Nanos kStep = 20'000'000;
        std::vector<Nanos> times;
        std::vector<std::vector<float>> axes(3);
        for (int i = 0; i < 100; ++i) {
            times.push_back(i * kStep + (i >= 60 ? 5 * kNanosPerSecond : 0));
            axes[0].push_back(static_cast<float>(i % 7));
            axes[1].push_back(i == 3 || i == 99 ? kNan : 1.0f);
            // Samples 50 to 53 stand at the stream's greatest value; rows 0 to 99 differ in x, so none repeats.
            axes[2].push_back(i >= 50 && i < 54 ? 40.0f : -9.81f + 0.001f * static_cast<float>(i));
        }
        const StreamSummary summary = summariseStream(accelerometer(times, axes));
        QCOMPARE(summary.timing.samples, std::size_t{100});
        QCOMPARE(summary.timing.rateHz, 50.0);
        QCOMPARE(summary.timing.gaps.size(), std::size_t{1});
        QCOMPARE(summary.nanValues, std::size_t{2});
        QCOMPARE(summary.clippedSamples, std::size_t{4});
        QCOMPARE(summary.repeatedSamples, std::size_t{0});
        QCOMPARE(summary.min.size(), std::size_t{3});
        QCOMPARE(summary.min[0], 0.0);
        QCOMPARE(summary.max[0], 6.0);
        QCOMPARE(summary.mean[0], (14 * 21 + 0 + 1) / 100.0); // fourteen whole rounds of 0 … 6, then 0 and 1
        QCOMPARE(summary.mean[1], 1.0);
        QCOMPARE(summary.max[2], 40.0);
        QCOMPARE(summary.first[2], static_cast<double>(-9.81f));
        QCOMPARE(summary.first[0], 0.0);
        QCOMPARE(summary.last[0], 1.0);
        QVERIFY(std::isnan(summary.last[1]));
    }

    void restIsForAccelerometersOnly()
    {
        std::vector<Nanos> times;
        for (int i = 0; i < 300; ++i)
            times.push_back(i * Nanos{10'000'000});
        ImuStream stream = accelerometer(times, {std::vector<float>(300, 0.0f), std::vector<float>(300, 6.0f),
                                                 std::vector<float>(300, 8.0f)});
        QCOMPARE(summariseStream(stream).magnitudeAtRest, 10.0);
        QCOMPARE(summariseStream(stream).repeatedSamples, std::size_t{299});
        stream.kind = StreamKind::gyroscope;
        QVERIFY(std::isnan(summariseStream(stream).magnitudeAtRest));
    }

    void knownFullScaleIsHeeded()
    {
        ImuStream stream = accelerometer({0, 1, 2}, {{1, 20, 3}, {0, 1, 2}, {4, 5, -20}});
        QCOMPARE(summariseStream(stream).clippedSamples, std::size_t{0});
        stream.fullScale = 20;
        QCOMPARE(summariseStream(stream).clippedSamples, std::size_t{2});
    }

    void onlySensorsThatSaturateClip()
    {
        // Four samples in a row at the greatest value: a limit for a sensor, nothing for a quaternion or a camera's setting.
        ImuStream stream = accelerometer({0, 1, 2, 3, 4}, {{1, 1, 1, 1, 0}, {0, 0, 0, 0, 0.5f}, {0, 0, 0, 0, 0.5f}});
        for (const StreamKind kind : {StreamKind::accelerometer, StreamKind::gyroscope, StreamKind::magnetometer}) {
            stream.kind = kind;
            QCOMPARE(summariseStream(stream).clippedSamples, std::size_t{4});
        }
        for (const StreamKind kind : {StreamKind::orientation, StreamKind::other, StreamKind::gravity, StreamKind::temperature,
                                      StreamKind::linearAcceleration, StreamKind::barometer, StreamKind::gps}) {
            stream.kind = kind;
            QCOMPARE(summariseStream(stream).clippedSamples, std::size_t{0});
        }
    }

    void emptyStreamHasNoNumbers()
    {
        const StreamSummary summary = summariseStream(accelerometer({}, {{}, {}, {}}));
        QCOMPARE(summary.timing.samples, std::size_t{0});
        QVERIFY(std::isnan(summary.mean[0]) && std::isnan(summary.first[0]) && std::isnan(summary.magnitudeAtRest));
        QVERIFY(summariseStream(ImuStream{}).min.empty());
    }
};

QTEST_GUILESS_MAIN(StreamSummaryTest)
#include "stream_summary_test.moc"
