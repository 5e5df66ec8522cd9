// What the simulated camera and microphone record, read back from the written files and held against the sensor's
// table: the projection, the rotation seen in the pictures, the claps.
#include "core/data/simulator/plan.h"
#include "core/media/audio.h"
#include "core/media/video_source.h"
#include "tests/support/rotation_from_pictures.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <numbers>
#include <sstream>

using namespace kino;
using namespace kino::simulator;

namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct Row {
    double seconds;
    Vec3 gyro;
    Vec3 accel;
};

/** The written table, read here without the program's readers. */
std::vector<Row> readTable(const std::filesystem::path &path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream fields(line);
        double component = 0;
        double componentMs = 0;
        double ms = 0;
        Row row{};
        fields >> component >> componentMs >> ms >> row.gyro.x >> row.gyro.y >> row.gyro.z >> row.accel.x >> row.accel.y
            >> row.accel.z;
        row.seconds = ms / 1000;
        rows.push_back(row);
    }
    return rows;
}

/** From the device's axes at `to` to those at `from`, by integrating the table's angular rates (taken as linear
 * between). */
Rotation integrated(const std::vector<Row> &rows, double from, double to)
{
    Rotation turned;
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        const double start = std::max(rows[i].seconds, from);
        const double end = std::min(rows[i + 1].seconds, to);
        if (end <= start)
            continue;
        const double middle = (0.5 * (start + end) - rows[i].seconds) / (rows[i + 1].seconds - rows[i].seconds);
        const Vec3 rate = rows[i].gyro + (rows[i + 1].gyro - rows[i].gyro) * middle;
        turned = turned * rotationFromVector(rate * (end - start));
    }
    return turned;
}

double brightness(const Image &image)
{
    double sum = 0;
    for (std::size_t i = 0; i < image.bgra.size(); i += 4)
        sum += image.bgra[i] + image.bgra[i + 1] + image.bgra[i + 2];
    return sum / (3.0 * image.width * image.height);
}

/** Of the parabola through three values at −1, 0, 1. */
double crest(double before, double at, double after) { return 0.5 * (before - after) / (before - 2 * at + after); }

} // namespace

class SimulatorCameraTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pointsAppearWhereAPinholeShowsThem();
    void nearThingsHideFarOnes();
    void gyroscopeIntegratesToTheRenderedPose();
    void gyroscopeIntegratesToTheRotationInThePictures();
    void clapIsSeenAtItsFrame();
    void clapIsHeardAtItsTime();
    void clapIsFeltAtItsTime();
    void framesAreAsManyAndAsLongAsSaid();

private:
    kino::test::TemporaryFolder m_folder;
    TextureSet m_textures = TextureSet::make(2);
    SimulatorOptions m_options;
    nlohmann::json m_truth;
    std::filesystem::path m_stem;
};

void SimulatorCameraTest::initTestCase()
{
    m_options.subjects = 1;
    m_options.minutes = 0.22;
    m_options.seed = 2;
    m_options.activities = {SimulatedActivity::turn};
    m_options.video = SimulatedVideo{480, 270, 30, 80};
    // Larger than usual, so that a mistake in sign or scale cannot hide.
    m_options.offsetSeconds = 0.73;
    m_options.driftPpm = 4000;
    m_truth = simulate(m_options, m_folder / "out").at("recordings").at(0);
    m_stem = m_folder / "out" / "s01" / "s01_01";
}

void SimulatorCameraTest::pointsAppearWhereAPinholeShowsThem()
{
    // A small blue square in an empty grey world, seen from a tilted camera: the middle of its pixels must lie where
    // the textbook's x = f X / Z + cx puts its centre.
    const Lens lens = lensOf(SimulatedVideo{640, 360, 30, 80});
    QVERIFY(std::abs(lens.focal - 381.361) < 1e-3); // 320 / tan 40°
    for (const double turn : {-0.4, 0.0, 0.3}) {
        Pose pose;
        pose.position = {1, 2, 3};
        // Looks north: x east, y down, z north; then turned about its own axes.
        const Rotation north{{1, 0, 0}, {0, 0, -1}, {0, 1, 0}};
        pose.orientation = north * rotationFromVector({0.5 * turn, turn, 0.2});
        const Vec3 centre = pose.position + pose.orientation * Vec3{0.9, -0.6, 4.0};
        const Vec3 right = pose.orientation.x * 0.15;
        const Vec3 up = pose.orientation.y * -0.15;
        Face face;
        face.corners = {centre - right - up, centre + right - up, centre + right + up, centre - right + up};
        face.cornerCount = 4;
        face.normal = -pose.orientation.z;
        face.plane = dot(face.normal, centre);
        face.light = {{}, 1};
        face.surface = Surface::water;
        Scene scene;
        scene.bodies.push_back({centre, 0.3, {face}});
        Renderer renderer(lens, scene, m_textures);
        const Image &image = renderer.render(pose, 0);
        double x = 0;
        double y = 0;
        int count = 0;
        const std::uint8_t *background = image.bgra.data();
        for (int row = 0; row < image.height; ++row) {
            for (int column = 0; column < image.width; ++column) {
                const std::uint8_t *pixel = image.bgra.data() + 4 * (row * image.width + column);
                if (std::memcmp(pixel, background, 4) == 0)
                    continue;
                x += column;
                y += row;
                ++count;
            }
        }
        const double side = 2 * 0.15 * lens.focal / 4; // pixels
        QVERIFY2(std::abs(count - side * side) < 2 * side, qPrintable(QString::number(count)));
        QVERIFY(std::abs(x / count - (lens.focal * 0.9 / 4 + 319.5)) < 0.5);
        QVERIFY(std::abs(y / count - (lens.focal * -0.6 / 4 + 179.5)) < 0.5);
    }
}

void SimulatorCameraTest::nearThingsHideFarOnes()
{
    Pose pose;
    pose.orientation = Rotation{{1, 0, 0}, {0, 0, -1}, {0, 1, 0}};
    const auto wallAt = [](double distance, double halfWidth, Surface surface) {
        Face face;
        face.corners = {Vec3{-halfWidth, distance, -9}, Vec3{halfWidth, distance, -9}, Vec3{halfWidth, distance, 9},
                        Vec3{-halfWidth, distance, 9}};
        face.cornerCount = 4;
        face.normal = {0, -1, 0};
        face.plane = -distance;
        face.light = {{}, 1};
        face.surface = surface;
        return face;
    };
    const Face near = wallAt(5, 0.5, Surface::metal); // dark
    const Face far = wallAt(9, 9, Surface::stone); // light
    Image first;
    for (const bool nearFirst : {true, false}) {
        Scene scene;
        scene.bodies.push_back({{0, 7, 0}, 20, nearFirst ? std::vector{near, far} : std::vector{far, near}});
        Renderer renderer(lensOf(SimulatedVideo{}), scene, m_textures);
        const Image &image = renderer.render(pose, 0);
        const auto greenAt
            = [&](int column) { return int(image.bgra[static_cast<std::size_t>(4 * (180 * 640 + column) + 1)]); };
        QVERIFY(greenAt(320) < 100 && greenAt(240) > 120 && greenAt(400) > 120);
        if (nearFirst)
            first = image;
        else
            QVERIFY(image.bgra == first.bgra);
    }
}

void SimulatorCameraTest::gyroscopeIntegratesToTheRenderedPose()
{
    const std::vector<Row> rows = readTable(m_stem.string() + ".csv");
    QCOMPARE(rows.size(), m_truth.at("samples").get<std::size_t>());
    const RecordingPlan plan = planRecording(m_options, 0, 0);
    double worst = 0;
    for (double start = 0.5; start < 12; start += 0.25) {
        // From frame to frame: the times at which pictures were rendered, on the video's clock in the truth's own
        // words.
        const auto frame = static_cast<std::size_t>((start - 0.73) * 30 + 1);
        if (start < 0.8 || frame + 30 >= plan.framePts.size())
            continue;
        const double from = toSeconds(plan.framePts[frame]) * (1 + 4000e-6) + 0.73;
        const double to = toSeconds(plan.framePts[frame + 30]) * (1 + 4000e-6) + 0.73;
        QVERIFY(std::abs(to - from - 1.004) < 1e-4);
        const Rotation truth = plan.motion->poseAt(from).orientation.transposed() * plan.motion->poseAt(to).orientation;
        worst = std::max(worst, angleBetween(truth, integrated(rows, from, to)) / kDegree);
    }
    QVERIFY2(worst > 0 && worst < 0.5, qPrintable(QString::number(worst)));
}

void SimulatorCameraTest::gyroscopeIntegratesToTheRotationInThePictures()
{
    const std::vector<Row> rows = readTable(m_stem.string() + ".csv");
    const auto video = openVideoFile(m_stem.string() + ".mp4");
    const nlohmann::json &lens = m_truth.at("video");
    int turns = 0;
    for (const nlohmann::json &event : m_truth.at("events")) {
        if (event.at("kind") != "turn")
            continue;
        ++turns;
        // A second of the turn's quicker half. The camera, ahead of the neck, moves along while the head turns, so even
        // the houses 30 m away shift by a few tenths of a degree: that much of the difference is the pictures' own.
        const double start = 1e-9 * event.at("start_ns").get<double>() + 0.25;
        const auto first = static_cast<std::size_t>((start - 0.73) / 1.004 * 30);
        Rotation seen;
        kino::test::RotationFinder finder(lens.at("width"), lens.at("height"), lens.at("focal_px"),
                                          lens.at("centre_px")[0], lens.at("centre_px")[1]);
        for (std::size_t frame = first; frame <= first + 30; ++frame)
            seen = seen * finder.next(video->frame(frame));
        const double from = toSeconds(video->frames().ptsNs[first]) * (1 + 4000e-6) + 0.73;
        const double to = toSeconds(video->frames().ptsNs[first + 30]) * (1 + 4000e-6) + 0.73;
        const Rotation felt = integrated(rows, from, to);
        const double angle = angleBetween(Rotation{}, felt) / kDegree;
        const double difference = angleBetween(seen, felt) / kDegree;
        qInfo("turned by %.2f degrees in a second, pictures and gyroscope differ by %.3f", angle, difference);
        QVERIFY(angle > 40);
        QVERIFY2(difference < 0.5, qPrintable(QString::number(difference)));
    }
    QVERIFY(turns > 0);
}

void SimulatorCameraTest::clapIsSeenAtItsFrame()
{
    const auto video = openVideoFile(m_stem.string() + ".mp4");
    QCOMPARE(m_truth.at("claps").size(), std::size_t{2});
    for (const nlohmann::json &clap : m_truth.at("claps")) {
        const auto frame = clap.at("frame").get<std::size_t>();
        const double before = brightness(video->frame(frame - 1));
        const double flash = brightness(video->frame(frame));
        QVERIFY2(flash > before + 60 && flash > 215, qPrintable(QString("%1 to %2").arg(before).arg(flash)));
        QVERIFY(std::abs(brightness(video->frame(frame + 4)) - before) < 15);
        // The clock's formula, written out.
        const double own = toSeconds(video->frames().ptsNs[frame]);
        QVERIFY(std::abs(own * (1 + 4000e-6) + 0.73 - 1e-9 * clap.at("recording_ns").get<double>()) < 1e-6);
    }
}

void SimulatorCameraTest::clapIsHeardAtItsTime()
{
    const AudioSamples sound = readAudio(m_stem.string() + ".mp4", {0}, {fromSeconds(60)});
    QCOMPARE(sound.sampleRateHz, 48'000);
    const auto loudestIn = [&](double from, double to) {
        const auto index = [&](double seconds) {
            return std::clamp<std::ptrdiff_t>(std::llround((seconds - toSeconds(sound.start.ns)) * 48'000), 0,
                                              std::ssize(sound.mono));
        };
        const auto at = std::max_element(sound.mono.begin() + index(from), sound.mono.begin() + index(to),
                                         [](float a, float b) { return std::abs(a) < std::abs(b); });
        return std::pair{toSeconds(sound.start.ns) + static_cast<double>(at - sound.mono.begin()) / 48'000,
                         std::abs(*at)};
    };
    for (const nlohmann::json &clap : m_truth.at("claps")) {
        const double own = 1e-9 * clap.at("video_ns").get<double>();
        const auto [time, size] = loudestIn(own - 0.5, own + 0.5);
        QVERIFY2(std::abs(time - own) < 1e-3, qPrintable(QString::number(1e3 * (time - own)) + " ms"));
        QVERIFY(size > 0.5f);
    }
    const double first = 1e-9 * m_truth.at("claps")[0].at("video_ns").get<double>();
    const double last = 1e-9 * m_truth.at("claps")[1].at("video_ns").get<double>();
    QVERIFY(loudestIn(first + 0.6, last - 0.6).second < 0.4f);
}

void SimulatorCameraTest::clapIsFeltAtItsTime()
{
    const std::vector<Row> rows = readTable(m_stem.string() + ".csv");
    for (const nlohmann::json &clap : m_truth.at("claps")) {
        const double time = 1e-9 * clap.at("recording_ns").get<double>();
        std::size_t hardest = 0;
        for (std::size_t i = 1; i + 1 < rows.size(); ++i)
            if (std::abs(rows[i].seconds - time) < 0.5 && norm(rows[i].accel) > norm(rows[hardest].accel))
                hardest = i;
        const double between
            = crest(norm(rows[hardest - 1].accel), norm(rows[hardest].accel), norm(rows[hardest + 1].accel));
        const double felt = rows[hardest].seconds + between * 0.005;
        QVERIFY2(std::abs(felt - time) < 1e-3, qPrintable(QString::number(1e3 * (felt - time)) + " ms"));
        QVERIFY(norm(rows[hardest].accel) > 35);
    }
}

void SimulatorCameraTest::framesAreAsManyAndAsLongAsSaid()
{
    const auto video = openVideoFile(m_stem.string() + ".mp4");
    QCOMPARE(video->frames().size(), m_truth.at("video").at("frames").get<std::size_t>());
    QCOMPARE(video->width(), 480);
    QVERIFY(std::abs(video->frames().rateHz() - 30) < 1e-6);
    // Footage ends with the sensor's record, less than one frame before.
    const double end = toSeconds(video->frames().endNs) * (1 + 4000e-6) + 0.73;
    QVERIFY(end <= 13.2 && end > 13.2 - 0.0335);
}

QTEST_GUILESS_MAIN(SimulatorCameraTest)
#include "simulator_camera_test.moc"
