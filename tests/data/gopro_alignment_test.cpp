// Whether the picture and the gyroscope of karma.mp4 move together: the camera has no electronic stabilisation, so the picture
// shifts with every turn. The shift between neighbouring frames is measured here from column sums of the pictures alone.
#include "core/data/formats/gopro_reader.h"
#include "core/media/video_source.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace kino;

namespace {

/** Mean brightness of each column (or row), its mean over the neighbours taken off. */
std::vector<double> profileOf(const Image &image, bool ofRows)
{
    const int length = ofRows ? image.height : image.width;
    const int across = ofRows ? image.width : image.height;
    std::vector<double> sums(static_cast<std::size_t>(length), 0.0);
    for (int i = 0; i < length; ++i) {
        for (int k = 0; k < across; ++k) {
            const int x = ofRows ? k : i, y = ofRows ? i : k;
            sums[static_cast<std::size_t>(i)]
                += image.bgra[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 4 + 1];
        }
    }
    std::vector<double> profile(sums.size(), 0.0);
    for (std::size_t i = 1; i + 1 < sums.size(); ++i)
        profile[i] = (sums[i + 1] - sums[i - 1]) / across;
    return profile;
}

/** By how many pixels `b` lies to the right of `a`, to a fraction of a pixel: least squared difference, parabola. */
double shiftBetween(const std::vector<double> &a, const std::vector<double> &b)
{
    constexpr int kMost = 24;
    std::vector<double> costs;
    for (int shift = -kMost; shift <= kMost; ++shift) {
        double cost = 0;
        for (int i = kMost; i + kMost < static_cast<int>(a.size()); ++i)
            cost += std::pow(a[static_cast<std::size_t>(i)] - b[static_cast<std::size_t>(i + shift)], 2);
        costs.push_back(cost);
    }
    const auto least = std::min_element(costs.begin(), costs.end());
    const auto at = static_cast<std::size_t>(least - costs.begin());
    if (at == 0 || at + 1 == costs.size())
        return static_cast<double>(at) - kMost;
    const double curve = costs[at - 1] - 2 * costs[at] + costs[at + 1];
    return static_cast<double>(at) - kMost + 0.5 * (costs[at - 1] - costs[at + 1]) / curve;
}

double correlation(const std::vector<double> &a, const std::vector<double> &b)
{
    double meanA = 0, meanB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        meanA += a[i] / static_cast<double>(a.size());
        meanB += b[i] / static_cast<double>(a.size());
    }
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - meanA) * (b[i] - meanB);
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / std::sqrt(aa * bb);
}

/** Mean of the samples between two instants. */
double meanBetween(const ImuStream &stream, std::size_t axis, Nanos from, Nanos to)
{
    const auto begin = std::lower_bound(stream.timesNs.begin(), stream.timesNs.end(), from);
    const auto end = std::lower_bound(begin, stream.timesNs.end(), to);
    double sum = 0;
    for (auto it = begin; it != end; ++it)
        sum += stream.values[axis][static_cast<std::size_t>(it - stream.timesNs.begin())];
    return begin == end ? 0 : sum / static_cast<double>(end - begin);
}

} // namespace

class GoproAlignmentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pictureTurnsWithTheGyroscope();
};

void GoproAlignmentTest::pictureTurnsWithTheGyroscope()
{
    KINO_NEEDS_TEST_DATA();
    const auto path = test::testDataFolder() / "gopro_mp4/karma.mp4";
    const auto reader = makeGoproReader();
    const FileScan scan{path.parent_path(), {path}, {path}};
    const Recording recording = reader->read(reader->claim(scan).at(0), {});
    const ImuStream &gyroscope = *recording.findStream("Hero5 Black/gyroscope");
    const VideoTrack &video = recording.videos.at(0);

    const auto source = openVideoFile(path);
    source->setOutputSize(427, 240);
    std::vector<double> right, down;
    std::vector<std::pair<Nanos, Nanos>> spans; // on the recording's clock
    std::vector<double> lastColumns, lastRows;
    for (std::size_t i = 0; i < source->frames().size(); ++i) {
        const Image image = source->frame(i);
        const std::vector<double> columns = profileOf(image, false), rows = profileOf(image, true);
        if (i > 0) {
            right.push_back(shiftBetween(lastColumns, columns));
            down.push_back(shiftBetween(lastRows, rows));
            spans.emplace_back(video.clock.toRecording({source->frames().ptsNs[i - 1]}).ns,
                video.clock.toRecording({source->frames().ptsNs[i]}).ns);
        }
        lastColumns = columns;
        lastRows = rows;
    }
    QCOMPARE(right.size(), 361u);

    const auto best = [&](std::size_t axis, const std::vector<double> &shift) {
        double strongest = 0;
        Nanos at = 0;
        for (Nanos lag = -200; lag <= 200; lag += 2) {
            std::vector<double> turning;
            for (const auto &[from, to] : spans)
                turning.push_back(meanBetween(gyroscope, axis, from + lag * kNanosPerMillisecond, to + lag * kNanosPerMillisecond));
            const double value = correlation(turning, shift);
            if (std::abs(value) > std::abs(strongest)) {
                strongest = value;
                at = lag;
            }
        }
        return std::pair(strongest, at);
    };
    // z is up: turning left about it moves the picture to the right. OpenCV's sparse optical flow on the same frames gives
    // 0.9975 at -15 ms, half a frame (calcOpticalFlowPyrLK and an affine fit, run by hand).
    const auto [yaw, yawLag] = best(2, right);
    qInfo() << "yaw" << yaw << "at ms" << yawLag;
    QVERIFY2(yaw > 0.95, qPrintable(QString::number(yaw)));
    QVERIFY2(std::abs(yawLag) <= 34, qPrintable(QString::number(yawLag)));
    // No other axis explains it.
    QVERIFY(std::abs(best(0, right).first) < 0.8);
    QVERIFY(std::abs(best(1, right).first) < 0.8);
    // x points to the left: nodding down about it moves the picture up. There is little of it in this flight.
    std::vector<double> nodding;
    for (const auto &[from, to] : spans)
        nodding.push_back(meanBetween(gyroscope, 0, from + yawLag * kNanosPerMillisecond, to + yawLag * kNanosPerMillisecond));
    const double pitch = correlation(nodding, down);
    qInfo() << "pitch" << pitch;
    QVERIFY2(pitch < -0.25, qPrintable(QString::number(pitch)));
}

QTEST_GUILESS_MAIN(GoproAlignmentTest)
#include "gopro_alignment_test.moc"
