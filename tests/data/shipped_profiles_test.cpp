// Every shipped text format against its real recordings. Counts, labels and quirks are those that data/README.md
// measured; ranges, first and last values, rates and gaps were computed from the files by NumPy (float64, unit factors
// 9.80665 and pi/180 applied, rate = steps outside gaps / their sum), never by this program.
#include "core/data/import.h"
#include "core/data/stream_summary.h"
#include "core/media/video_source.h"
#include "tests/support/test_data.h"

#include <numbers>

using namespace kino;

namespace {

ImportOutcome importOne(const std::string &path)
{
    const std::filesystem::path full = test::testDataFolder() / path;
    return importPaths(std::span(&full, 1));
}

Recording onlyRecording(const std::string &path)
{
    ImportOutcome outcome = importOne(path);
    if (outcome.recordings.size() != 1 || !outcome.failures.empty())
        throw std::runtime_error(path + " gave " + std::to_string(outcome.recordings.size()) + " recordings, "
                                 + std::to_string(outcome.failures.size()) + " failures");
    return std::move(outcome.recordings.front());
}

struct Expected {
    std::string stream;
    std::size_t samples;
    double rateHz; // to 0.001
    Nanos startNs, endNs;
    std::vector<double> min, max; // to 0.0001
    std::vector<double> first;    // to 0.00001
    std::size_t gaps = 0;
    std::size_t duplicates = 0;
};

std::string differences(const Recording &recording, const Expected &expected)
{
    const ImuStream *stream = recording.findStream(expected.stream);
    if (!stream)
        return "there is no " + expected.stream;
    const StreamSummary summary = summariseStream(*stream);
    std::string out;
    const auto compare = [&](const std::string &what, double found, double wanted, double tolerance) {
        if (!(std::abs(found - wanted) <= tolerance))
            out += what + " is " + std::to_string(found) + " instead of " + std::to_string(wanted) + "; ";
    };
    compare("samples", static_cast<double>(stream->samples()), static_cast<double>(expected.samples), 0);
    compare("rate", summary.timing.rateHz, expected.rateHz, 0.001);
    compare("start", static_cast<double>(stream->timesNs.front()), static_cast<double>(expected.startNs), 1);
    compare("end", static_cast<double>(stream->timesNs.back()), static_cast<double>(expected.endNs), 1);
    compare("gaps", static_cast<double>(summary.timing.gaps.size()), static_cast<double>(expected.gaps), 0);
    compare("duplicates", static_cast<double>(summary.timing.duplicateTimes), static_cast<double>(expected.duplicates), 0);
    for (std::size_t axis = 0; axis < expected.min.size(); ++axis)
        compare("min " + std::to_string(axis), summary.min.at(axis), expected.min[axis], 1e-4);
    for (std::size_t axis = 0; axis < expected.max.size(); ++axis)
        compare("max " + std::to_string(axis), summary.max.at(axis), expected.max[axis], 1e-4);
    for (std::size_t axis = 0; axis < expected.first.size(); ++axis)
        compare("first " + std::to_string(axis), summary.first.at(axis), expected.first[axis], 1e-5);
    return out;
}

#define COMPARE_STREAM(recording, ...)                                                                                 \
    do {                                                                                                               \
        const std::string found = differences(recording, __VA_ARGS__);                                                \
        QVERIFY2(found.empty(), found.c_str());                                                                        \
    } while (false)

const AnnotationTier *tierOf(const Recording &recording, const std::string &name)
{
    const auto found = std::ranges::find(recording.tiers, name, &AnnotationTier::name);
    return found == recording.tiers.end() ? nullptr : &*found;
}

double secondsOf(const AnnotationTier &tier, const std::string &label = {})
{
    double seconds = 0;
    for (const Annotation &annotation : tier.annotations) {
        if (label.empty() || annotation.label == label)
            seconds += toSeconds(annotation.end - annotation.start);
    }
    return seconds;
}

const ReportRow *rowOf(const Recording &recording, const std::string &code)
{
    const auto found = std::ranges::find(recording.report, code, &ReportRow::code);
    return found == recording.report.end() ? nullptr : &*found;
}

} // namespace

class ShippedProfilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void phoneAndWatchAreOneRecordingOnOneClock()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("sp_sw_har/s01/s01_01_sw.csv");
        QCOMPARE(QString::fromStdString(recording.name), QString("s01_01"));
        QCOMPARE(recording.format, std::string("sp-sw-har"));
        QCOMPARE(recording.subject, std::string("s01"));
        QCOMPARE(recording.files.size(), std::size_t{2});
        // The watch begins first, at 1657533977810 ms; the phone 3 ms later.
        QCOMPARE(*recording.epochNs, Nanos{1657533977810} * 1'000'000);
        COMPARE_STREAM(recording, {"phone/accelerometer", 1351, 102.4668, 3'000'000, 13'178'000'000,
                                   {-11.8693, -21.65, -20.1927}, {10.5347, 2.0276, 13.2984},
                                   {-4.16022, -1.18295, -8.99073}, 0, 108});
        COMPARE_STREAM(recording, {"watch/gyroscope", 1377, 104.2740, 0, 13'196'000'000,
                                   {-6.5192, -3.0690, -3.9535}, {7.5246, 2.6084, 3.8814},
                                   {-0.0110, -0.07208, 0.09041}, 0, 6});
        const ReportRow *duplicates = rowOf(recording, "duplicate-time");
        QVERIFY(duplicates);
        QCOMPARE(duplicates->count, std::int64_t{108});
        QCOMPARE(duplicates->line, std::int64_t{4});
        // Each row's label lasts until the next row, the last one's the usual 10 ms; the watch adds what it has before and
        // behind the phone: 1657533977810 to 1657533991006 ms and 10 ms.
        const AnnotationTier *activity = tierOf(recording, "activity");
        QVERIFY(activity);
        QVERIFY(std::abs(secondsOf(*activity, "WALKING") - 4.366) < 1e-6);
        QVERIFY(std::abs(secondsOf(*activity, "TURNING") - 2.235) < 1e-6);
        QVERIFY(std::abs(secondsOf(*activity) - 13.206) < 1e-6);
        // awk counts 8 runs of equal labels in the phone's file; the watch's few milliseconds more lengthen the outer two.
        QCOMPARE(activity->annotations.size(), std::size_t{8});
    }

    void wholePhoneAndWatchSetHasItsCounts()
    {
        KINO_NEEDS_TEST_DATA();
        const ImportOutcome outcome = importOne("sp_sw_har");
        QCOMPARE(outcome.recordings.size(), std::size_t{155});
        QCOMPARE(outcome.failures.size(), std::size_t{0});
        std::size_t rows[2] = {0, 0}, duplicates[2] = {0, 0};
        Nanos earliestDifference = 0, latestDifference = 0;
        std::map<std::string, int> subjects;
        for (const Recording &recording : outcome.recordings) {
            ++subjects[recording.subject];
            const ImuStream *phone = recording.findStream("phone/accelerometer");
            const ImuStream *watch = recording.findStream("watch/accelerometer");
            QVERIFY(phone && watch);
            const ImuStream *both[2] = {phone, watch};
            for (int i : {0, 1}) {
                rows[i] += both[i]->samples();
                duplicates[i] += summariseStream(*both[i]).timing.duplicateTimes;
                QCOMPARE(both[i]->backwardTimes, std::size_t{0});
            }
            const Nanos difference = watch->timesNs.front() - phone->timesNs.front();
            earliestDifference = std::min(earliestDifference, difference);
            latestDifference = std::max(latestDifference, difference);
        }
        QCOMPARE(subjects.size(), std::size_t{16});
        QCOMPARE(rows[0] + rows[1], std::size_t{360262});
        QCOMPARE(rows[0], std::size_t{179084});
        // 8.3 % and 0.5 % of the steps.
        QCOMPARE(duplicates[0], std::size_t{14948});
        QCOMPARE(duplicates[1], std::size_t{932});
        QCOMPARE(earliestDifference, Nanos{-41'000'000});
        QCOMPARE(latestDifference, Nanos{1'070'000'000});
    }

    void haptPairsFilesAndCountsLabelsFromOne()
    {
        KINO_NEEDS_TEST_DATA();
        const ImportOutcome outcome = importOne("hapt");
        QCOMPARE(outcome.recordings.size(), std::size_t{32});
        QCOMPARE(outcome.failures.size(), std::size_t{0});
        std::size_t samples = 0;
        std::map<std::string, double> seconds;
        std::size_t annotations = 0;
        std::size_t clippedAcceleration = 0;
        std::size_t clippedRotation = 0;
        for (const Recording &recording : outcome.recordings) {
            clippedAcceleration += summariseStream(*recording.findStream("waist phone/accelerometer")).clippedSamples;
            clippedRotation += summariseStream(*recording.findStream("waist phone/gyroscope")).clippedSamples;
            samples += recording.findStream("waist phone/accelerometer")->samples();
            QCOMPARE(recording.findStream("waist phone/gyroscope")->samples(),
                     recording.findStream("waist phone/accelerometer")->samples());
            const AnnotationTier *tier = tierOf(recording, "activity");
            QVERIFY(tier);
            annotations += tier->annotations.size();
            for (const Annotation &annotation : tier->annotations)
                seconds[annotation.label] += toSeconds(annotation.end - annotation.start);
        }
        QCOMPARE(samples, std::size_t{578148});
        QCOMPARE(annotations, std::size_t{1214 - 561});
        // Rows with an axis from 1.99 g and from 9.98 rad/s on, counted by awk; the set's description says the same.
        QCOMPARE(clippedAcceleration, std::size_t{113});
        QCOMPARE(clippedRotation, std::size_t{38});
        const std::map<std::string, int> expected{
            {"WALKING", 1321},     {"WALKING_UPSTAIRS", 1217}, {"WALKING_DOWNSTAIRS", 1115}, {"SITTING", 1232},
            {"STANDING", 1364},    {"LAYING", 1334},           {"STAND_TO_SIT", 106},        {"SIT_TO_STAND", 84},
            {"SIT_TO_LIE", 128},   {"LIE_TO_SIT", 123},        {"STAND_TO_LIE", 164},        {"LIE_TO_STAND", 114}};
        QCOMPARE(seconds.size(), expected.size());
        for (const auto &[label, wanted] : expected)
            QVERIFY2(std::abs(seconds[label] - wanted) <= 0.5, label.c_str());

        // The list of labels alone opens what it describes.
        QCOMPARE(importOne("hapt/Raw-Data/labels.txt").recordings.size(), std::size_t{32});

        const Recording &first = outcome.recordings.front();
        QCOMPARE(first.subject, std::string("01"));
        COMPARE_STREAM(first, {"waist phone/accelerometer", 20598, 50, 0, 411'940'000'000,
                               {-6.3471, -11.8633, -6.6331}, {19.1230, 10.1608, 12.4490},
                               {9.00305, -1.10325, 4.99867}, 0, 0});
        COMPARE_STREAM(first, {"waist phone/gyroscope", 20598, 50, 0, 411'940'000'000,
                               {-3.79408, -4.30813, -5.33072}, {3.57814, 5.4028, 1.93125}, {}, 0, 0});
        // labels.txt begins "1 1 5 250 1232": samples 250 to 1232, both in, counted from 1.
        const Annotation &standing = tierOf(first, "activity")->annotations.front();
        QCOMPARE(standing.label, std::string("STANDING"));
        QCOMPARE(standing.start.ns, Nanos{249} * 20'000'000);
        QCOMPARE(standing.end.ns, Nanos{1232} * 20'000'000);
    }

    void umafallSplitsInterleavedSensorsByTheHeadersTable()
    {
        KINO_NEEDS_TEST_DATA();
        const ImportOutcome outcome = importOne("umafall");
        QCOMPARE(outcome.recordings.size(), std::size_t{96});
        QCOMPARE(outcome.failures.size(), std::size_t{0});
        std::map<std::string, std::size_t> rows;
        std::map<std::string, std::size_t> withoutWaist;
        std::map<std::string, int> labels;
        for (const Recording &recording : outcome.recordings) {
            for (const Device &device : recording.devices) {
                for (const ImuStream &stream : device.streams)
                    rows[streamName(device, stream)] += stream.samples();
            }
            withoutWaist[recording.subject] += recording.findDevice("WAIST") == nullptr;
            const AnnotationTier *tier = tierOf(recording, "activity");
            QVERIFY(tier && tier->annotations.size() == 1);
            ++labels[tier->annotations.front().label];
        }
        QCOMPARE(rows.size(), std::size_t{13}); // the phone has an accelerometer only
        QCOMPARE(rows["RIGHTPOCKET/accelerometer"], std::size_t{288672});
        QCOMPARE(rows["CHEST/gyroscope"], std::size_t{28180});
        QCOMPARE(rows["WAIST/accelerometer"], std::size_t{18603});
        QCOMPARE(rows["WRIST/magnetometer"], std::size_t{28169});
        QCOMPARE(rows["ANKLE/gyroscope"], std::size_t{28161});
        QCOMPARE(withoutWaist["12"], std::size_t{14});
        QCOMPARE(withoutWaist["19"], std::size_t{19});
        QCOMPARE(labels.size(), std::size_t{15});
        QCOMPARE(labels["Bending"], 8);
        QCOMPARE(labels["Sitting_GettingUpOnAChair"], 8);
        QCOMPARE(labels["GoUpstairs"], 4);

        for (const Recording &recording : outcome.recordings) {
            // g and deg/s, each said once a recording, below what needs attention.
            QCOMPARE(std::ranges::count(recording.report, "unit", &ReportRow::code), std::ptrdiff_t{2});
            QVERIFY(std::ranges::is_sorted(recording.report, std::ranges::greater(), &ReportRow::severity));
        }

        const Recording &first = outcome.recordings.front(); // Subject_02_ADL_Aplausing_1, first row at 112 ms
        COMPARE_STREAM(first, {"RIGHTPOCKET/accelerometer", 2972, 199.4897, 0, 14'893'000'000,
                               {-1.9221, 9.0097, -0.4921}, {-1.0530, 9.4813, 0.1674},
                               {-1.57973, 9.21677, -0.18209}, 0, 114});
        COMPARE_STREAM(first, {"WRIST/gyroscope", 299, 20.1052, 36'000'000, 14'858'000'000,
                               {-4.4680, -4.4680, -4.4680}, {3.8645, 4.4330, 4.4330}, {-0.05318, -0.00245, -0.00205}, 0, 0});
        COMPARE_STREAM(first, {"ANKLE/magnetometer", 299, 20.0741, 18'000'000, 14'863'000'000,
                               {-64, 42.8333, 36.3333}, {-21.5, 51, 93.1667}, {-62.33333, 47.83333, 88.83334}, 0, 0});
        // SensorTags: +-256 deg/s, clipped on the wrist; +-8 g.
        QVERIFY(std::abs(first.findStream("WRIST/gyroscope")->fullScale - 256 * std::numbers::pi / 180) < 1e-9);
        QVERIFY(summariseStream(*first.findStream("WRIST/gyroscope")).clippedSamples > 0);
        // The label stands for the file's whole span: 112 ms to 15005 ms and the phone's usual step of 5 ms.
        QCOMPARE(tierOf(first, "activity")->annotations.front().start.ns, Nanos{0});
        QCOMPARE(tierOf(first, "activity")->annotations.front().end.ns, Nanos{14'898'000'000});
    }

    void carTripsHaveEventsOnTheSensorsClock()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording trip = onlyRecording("driver_behavior/17");
        // Gyroscope first; zero of the recording is its uptime 12893228275395 ns.
        COMPARE_STREAM(trip, {"phone/accelerometer", 20675, 50.942, 5'341'065, 405'841'812'862,
                              {-7.1485, -7.2768, 2.4826}, {6.6257, 5.4659, 13.4215}, {-0.0476, 0.00467, 9.85211}, 0, 0});
        COMPARE_STREAM(trip, {"phone/linear-acceleration", 20675, 50.942, 5'341'065, 405'841'812'862,
                              {-7.1485, -7.2768, -7.3241}, {6.6257, 5.4659, 3.6149}, {}, 0, 0});
        COMPARE_STREAM(trip, {"phone/magnetometer", 41339, 101.854, -11'536'701, 405'844'529'175,
                              {0, 11.4669, -29.9835}, {0, 43.4711, 3.5258}, {}, 0, 20664});
        const AnnotationTier *events = tierOf(trip, "event");
        QVERIFY(events);
        QCOMPARE(events->annotations.size(), std::size_t{14});
        QVERIFY(std::abs(secondsOf(*events) - 41.7) < 1e-6);
        // Second 16.1 of the trip, whose second 0 is uptime 12892910069993.
        QCOMPARE(events->annotations.front().start.ns, Nanos{16'100'000'000} + 12892910069993 - 12893228275395);
        QCOMPARE(events->annotations.front().label, std::string("troca_faixa_direita_agressiva"));
        // 2016-05-14 11:17:08.871 -0300 is 1463235428.871 s; zero is 318205402 ns later.
        QCOMPARE(*trip.epochNs, Nanos{1463235428871000000} + 318205402);

        const Recording other = onlyRecording("driver_behavior/20/groundTruth.csv");
        QCOMPARE(tierOf(other, "event")->annotations.size(), std::size_t{17});
        QVERIFY(std::abs(secondsOf(*tierOf(other, "event")) - 57.1) < 1e-6);
        QCOMPARE(other.findStream("phone/accelerometer")->samples(), std::size_t{30014});
    }

    void androidLoggersColumnsAreTakenByName()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("formats/sensor_logger_android/1/Gyroscope.csv");
        QCOMPARE(recording.format, std::string("sensor-logger-android"));
        QCOMPARE(QString::fromStdString(recording.name), QString("1"));
        QCOMPARE(*recording.epochNs, Nanos{1781789731409251000});
        COMPARE_STREAM(recording, {"SM-S721B/accelerometer", 3557, 62.436, 0, 56'954'181'000,
                                   {-4.6376, -1.0534, -2.9521}, {4.2066, 10.9894, 11.2504}, {0.04070, 0.11971, 9.77074}, 0, 0});
        COMPARE_STREAM(recording, {"SM-S721B/linear-acceleration", 3553, 62.366, 0, 56'954'181'000,
                                   {-2.8899, -1.6034, -1.9218}, {1.8515, 1.3354, 2.0411}, {-0.00014, -0.00041, -0.03509}, 0, 0});
        COMPARE_STREAM(recording, {"SM-S721B/gyroscope", 3554, 62.383, 0, 56'954'181'000,
                                   {-1.5675, -1.2309, -1.2596}, {0.9407, 3.1960, 1.0678}, {0, -0.00061, 0.00122}, 0, 0});
        QVERIFY(recording.findStream("SM-S721B/accelerometer-uncalibrated"));
        QVERIFY(recording.findStream("SM-S721B/gyroscope-uncalibrated"));
        QCOMPARE(importOne("formats/sensor_logger_android").recordings.size(), std::size_t{2});
    }

    void watchGapsAreFoundAndDoNotLowerTheRate()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("formats/sensor_logger_applewatch_mit/WristMotion.csv");
        COMPARE_STREAM(recording, {"watch/gyroscope", 1702, 99.456, 0, 29'460'322'800,
                                   {-8.2775, -10.6137, -12.8469}, {14.6262, 6.2663, 6.7083}, {0.26213, 0.585, 1.05969}, 1, 0});
        COMPARE_STREAM(recording, {"watch/accelerometer", 1702, 99.456, 0, 29'460'322'800,
                                   {-19.3404, -35.032, -35.0085}, {38.8076, 28.3771, 24.5015}, {-2.3134, -4.26692, -8.42086}, 1, 0});
        const TimeGap gap = summariseStream(*recording.findStream("watch/gyroscope")).timing.gaps.front();
        QCOMPARE(gap.fromNs, Nanos{1'015'515'400});
        QCOMPARE(gap.toNs, Nanos{13'382'772'600});
        QVERIFY(rowOf(recording, "gap"));
        QVERIFY(rowOf(recording, "derived"));
        const Recording other = onlyRecording("formats/sensor_logger_applewatch_mit/NewWristMotion.csv");
        COMPARE_STREAM(other, {"watch/gyroscope", 4202, 99.456, 0, 47'628'899'900, {}, {}, {}, 1, 0});
    }

    void swimmingStrokeComesFromTheFileName()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("swimming_watch/Back0702WatchCompass.csv");
        QCOMPARE(QString::fromStdString(recording.name), QString("Back0702"));
        // The uncalibrated accelerometer began 153.8 ms before the motion file.
        QCOMPARE(*recording.epochNs, Nanos{1782985341145077248});
        COMPARE_STREAM(recording, {"watch/accelerometer", 5818, 100.808, 153'758'976, 57'857'755'904,
                                   {-8.6679, -26.2406, -22.3039}, {17.4495, 17.0072, 20.6165}, {1.19156, 6.65379, -6.10117}, 0, 0});
        QVERIFY(recording.findStream("watch/accelerometer-uncalibrated"));
        QVERIFY(recording.findStream("watch/gravity"));
        const ImportOutcome all = importOne("swimming_watch");
        QCOMPARE(all.recordings.size(), std::size_t{12});
        std::map<std::string, int> strokes;
        for (const Recording &one : all.recordings)
            ++strokes[tierOf(one, "stroke")->annotations.front().label];
        QCOMPARE(strokes, (std::map<std::string, int>{{"Back", 3}, {"Breast", 3}, {"Fly", 3}, {"Free", 3}}));
    }

    void phyphoxSensorsStartAtTheirOwnTimes()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording comma = onlyRecording("formats/phyphox_comma_mit");
        COMPARE_STREAM(comma, {"phone/accelerometer", 10577, 100.678, 0, 105'048'202'017,
                               {-1.5352, -0.7369, 6.2830}, {2.5969, 3.8621, 13.7064}, {-0.48065, 1.7078, 9.44985}, 0, 0});
        COMPARE_STREAM(comma, {"phone/gyroscope", 10575, 100.678, 19'586'083 - 3'446'083, 105'044'477'017,
                               {-1.2358, -0.8326, -0.72}, {0.8422, 1.3909, 1.2933}, {0.1314, 0.12654, 0.0793}, 0, 0});
        COMPARE_STREAM(comma, {"phone/magnetometer", 10575, 100.678, 16'140'000, 105'044'477'017,
                               {-35.4191, -33.4601, -44.9173}, {30.5945, 25.6572, -16.0235}, {}, 0, 0});
        QVERIFY(!comma.epochNs);
        QVERIFY(!rowOf(comma, "other-run"));
    }

    /** meta/time.csv tells of a run of 3.1 s; Accelerometer.csv lasts 35.3 s (data/README.md). */
    void phyphoxFileOfAnotherRunIsARecordingOfItsOwn()
    {
        KINO_NEEDS_TEST_DATA();
        for (const char *path : {"formats/phyphox_semicolon/Gyroscope.csv", "formats/phyphox_semicolon/meta/time.csv"}) {
            const Recording run = onlyRecording(path);
            QVERIFY(!run.findStream("phone/accelerometer"));
            // The gyroscope's and the linear accelerometer's first row is at 7.314666669 ms, the last at 3.092834375 s.
            COMPARE_STREAM(run, {"phone/linear-acceleration", 312, 100.793, 0, 3'085'519'708,
                                 {-4.3958, -8.2231, -1.8786}, {2.9495, 2.5643, 2.8171}, {}, 0, 0});
            // START at 1750383375.135371 s is experiment time 0.
            QCOMPARE(*run.epochNs, Nanos{1750383375135371000} + 7'314'667);
            const ReportRow *row = rowOf(run, "other-run");
            QVERIFY(row);
            QCOMPARE(row->file.filename().string(), std::string("Accelerometer.csv"));
            QVERIFY2(row->message.find("35.315 s") != std::string::npos, row->message.c_str());
            QVERIFY2(row->message.find("3.105 s") != std::string::npos, row->message.c_str());
            QVERIFY(!rowOf(run, "other-duration"));
        }
        const Recording other = onlyRecording("formats/phyphox_semicolon/Accelerometer.csv");
        QCOMPARE(other.devices.size(), std::size_t{1});
        COMPARE_STREAM(other, {"phone/accelerometer", 3560, 100.781, 0, 35'314'241'372,
                               {-11.9645, -12.174, -13.5974}, {11.5323, 11.0981, 14.282}, {}, 0, 0});
        QVERIFY(!other.epochNs);
        QCOMPARE(rowOf(other, "other-run")->file.filename().string(), std::string("Accelerometer.csv"));
        QCOMPARE(importOne("formats/phyphox_semicolon").recordings.size(), std::size_t{2});
    }

    void eurocTimesStayExactAndImagesAreAVideo()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("euroc_v1_01_micro/mav0/imu0/data.csv");
        QCOMPARE(*recording.epochNs, Nanos{1403715273262142976});
        COMPARE_STREAM(recording, {"imu0/gyroscope", 29120, 200.0, 0, 145'595'000'064,
                                   {-0.7805, -0.5397, -0.6311}, {0.7938, 0.6514, 0.8378}, {-0.00209, 0.01745, 0.07749}, 0, 0});
        COMPARE_STREAM(recording, {"imu0/accelerometer", 29120, 200.0, 0, 145'595'000'064,
                                   {4.0126, -4.3394, -7.3958}, {16.3771, 3.3751, 0.3269}, {9.0875, 0.13076, -3.69384}, 0, 0});
        // The second row is 1403715273267142912: no double holds that.
        QCOMPARE(recording.findStream("imu0/gyroscope")->timesNs[1], Nanos{1403715273267142912 - 1403715273262142976});
        QCOMPARE(recording.videos.size(), std::size_t{1});
        const VideoTrack &video = recording.videos.front();
        QCOMPARE(video.frames, std::size_t{20});
        QCOMPARE(video.width, 752);
        QCOMPARE(video.height, 480);
        QVERIFY(std::abs(video.rateHz - 20) < 0.001);
        QCOMPARE(video.series.timesNs.front(), Nanos{0});
        QCOMPARE(video.series.timesNs.back(), Nanos{1403715274212143104 - 1403715273262142976});
        QCOMPARE(rowOf(recording, "missing-frames")->count, std::int64_t{75});
        QCOMPARE(openVideo(video)->frame(19).width, 752);
    }

    void xioTablesKeepTheirDuplicateTimes()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording walk = onlyRecording("xio_gait_tracking/short_walk.csv");
        COMPARE_STREAM(walk, {"IMU/gyroscope", 16539, 397.376, 0, 41'618'029'590,
                              {-6.6938, -7.6585, -4.6261}, {4.7606, 10.9771, 8.2656}, {-0.00249, -0.01345, -0.00405}, 0, 205});
        COMPARE_STREAM(walk, {"IMU/accelerometer", 16539, 397.376, 0, 41'618'029'590,
                              {-47.4057, -26.9889, -26.559}, {26.9818, 35.6262, 38.5865}, {-4.84234, 2.37363, 8.15149}, 0, 205});
        QVERIFY(!walk.findStream("IMU/magnetometer"));
        const Recording turned = onlyRecording("xio_fusion/sensor_data.csv");
        COMPARE_STREAM(turned, {"IMU/accelerometer", 13514, 99.855, 0, 135'326'642'000,
                                {-8.7769, -8.3465, 2.0386}, {9.2136, 9.4104, 13.5890}, {0.00996, -0.20063, 9.77802}, 0, 0});
        QVERIFY(turned.findStream("IMU/magnetometer"));
    }

    void gaitmapHasTwoHeaderRowsAndStrides()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording walk = onlyRecording("gaitmap_gait/imu_sample.csv");
        COMPARE_STREAM(walk, {"left_sensor/accelerometer", 7928, 204.8, 0, 38'706'054'688,
                              {-42.8603, -52.4736, -96.4302}, {50.4678, 52.663, 158.1195}, {0.88081, 2.76221, 9.40865}, 0, 0});
        COMPARE_STREAM(walk, {"right_sensor/gyroscope", 7928, 204.8, 0, 38'706'054'688,
                              {-12.5716, -6.7346, -6.0634}, {7.6839, 10.9448, 5.7064}, {-0.00564, 0.00148, -0.00044}, 0, 0});
        const AnnotationTier *left = tierOf(walk, "stride left");
        const AnnotationTier *right = tierOf(walk, "stride right");
        QVERIFY(left && right);
        QCOMPARE(left->annotations.size() + right->annotations.size(), std::size_t{58});
        // "0,left,364,584": samples at 204.8 Hz.
        QCOMPARE(left->annotations.front().start.ns, Nanos{1'777'343'750});
        QCOMPARE(left->annotations.front().end.ns, Nanos{2'851'562'500});
        QCOMPARE(tierOf(walk, "mocap stride left")->annotations.size()
                     + tierOf(walk, "mocap stride right")->annotations.size(),
                 std::size_t{57});
        const Recording stairs = onlyRecording("gaitmap_gait/imu_sample_healthy_stair_down.csv");
        COMPARE_STREAM(stairs, {"right_sensor/accelerometer", 4488, 204.8, 0, 21'909'179'688,
                                {-155.6057, -129.5824, -41.7615}, {151.626, 147.0048, 66.1092}, {-6.55845, 0.61359, 6.85346}, 0, 0});
        const Recording strides = onlyRecording("gaitmap_gait/stride_borders_sample_ic_stride.csv");
        COMPARE_STREAM(strides, {"left_sensor/gyroscope", 4053, 102.4, 0, 39'570'312'500,
                                 {-9.7903, -8.3246, -6.2375}, {16.2814, 6.4918, 6.4542}, {-0.00017, 0.00067, 0.00228}, 0, 0});
        // Left and right of the patient are not synchronised: two recordings.
        const Recording patient = onlyRecording("gaitmap_gait/imu_sample_ms_right.csv");
        QCOMPARE(patient.devices.size(), std::size_t{1});
        COMPARE_STREAM(patient, {"right_sensor/accelerometer", 7000, 102.4, 0, 68'349'609'375,
                                 {-60.1515, -47.8691, -19.6251}, {42.8199, 38.0226, 52.1728}, {-15.00604, -6.95334, 32.3685}, 0, 0});
        // Motion capture, positions, orientations and stride lists are not recordings of sensors.
        QCOMPARE(importOne("gaitmap_gait").recordings.size(), std::size_t{6});
    }

    void openPackHasTwoWristsAndThreeTiers()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("openpack_sample");
        QCOMPARE(*recording.epochNs, Nanos{1648531521000000000});
        QCOMPARE(recording.subject, std::string("U0209"));
        COMPARE_STREAM(recording, {"right wrist/accelerometer", 46800, 100.0 / 3, 0, 1'403'970'000'000,
                                   {-39.2266, -39.2266, -39.2266}, {39.2246, 39.2246, 39.2246}, {3.72162, 8.89365, 1.07579}, 0, 0});
        COMPARE_STREAM(recording, {"left wrist/gyroscope", 46800, 100.0 / 3, 0, 1'403'970'000'000,
                                   {-28.7393, -19.8519, -9.1926}, {8.9937, 19.7934, 10.2697}, {0.00733, 0.03613, -0.01379}, 0, 0});
        const AnnotationTier *actions = tierOf(recording, "actions");
        const AnnotationTier *operations = tierOf(recording, "operations");
        const AnnotationTier *outliers = tierOf(recording, "outliers");
        QVERIFY(actions && operations && outliers);
        QCOMPARE(actions->annotations.size(), std::size_t{517});
        QCOMPARE(operations->annotations.size(), std::size_t{193});
        QCOMPARE(outliers->annotations.size(), std::size_t{62});
        QVERIFY(actions->kind == TierKind::text);
        QVERIFY(std::abs(secondsOf(*actions) - 969.651) < 1e-6);
        QVERIFY(std::abs(secondsOf(*operations) - 1392.172) < 1e-6);
        // 14:25:22.143 +09:00 is 1648531522.143 s: 1.143 s after the first sample.
        QCOMPARE(actions->annotations.front().start.ns, Nanos{1'143'000'000});
        QCOMPARE(actions->annotations.front().label, std::string("Pick Up Sheet"));
        // The last operation ends 14:48:48.913, 3.943 s after the last sample.
        QCOMPARE(operations->annotations.back().end.ns, Nanos{1'407'913'000'000});
    }

    void phoneFramesGetTheTimesOfTheirNumbers()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = onlyRecording("phone_gyro_frames/20200109_145447/framestamp.txt");
        COMPARE_STREAM(recording, {"phone/gyroscope", 29466, 412.162, 0, 71'721'728'000,
                                   {-0.2941, -0.7533, -0.1331}, {0.4872, 0.6889, 0.1583}, {0.00397, 0.03834, 0.01478}, 1, 0});
        const TimeGap gap = summariseStream(*recording.findStream("phone/gyroscope")).timing.gaps.front();
        QCOMPARE(gap.toNs - gap.fromNs, Nanos{235'352'000});
        QVERIFY(!recording.findStream("phone/accelerometer"));
        QCOMPARE(recording.videos.size(), std::size_t{1});
        const VideoTrack &video = recording.videos.front();
        QCOMPARE(video.frames, std::size_t{103});
        QCOMPARE(video.width, 800);
        QCOMPARE(video.height, 600);
        QCOMPARE(video.series.images.front().filename().string(), std::string("RE_frame-99.jpg"));
        QCOMPARE(video.series.timesNs.front(), Nanos{3'264'156'000});
        QCOMPARE(video.series.timesNs.back(), Nanos{6'662'058'000});
    }

    void fortySampleFoldersAreOneRecording()
    {
        KINO_NEEDS_TEST_DATA();
        for (const char *path : {"ego_ximu3", "ego_ximu3/Sample_300/imu.csv", "ego_ximu3/Sample_300/frame_2995.jpg"}) {
            const Recording recording = onlyRecording(path);
            QCOMPARE(QString::fromStdString(recording.name), QString("ego_ximu3"));
            COMPARE_STREAM(recording, {"x-IMU3 no. 1/gyroscope", 400, 30, 0, 13'300'000'000,
                                       {-3.7746, -1.8771, -2.1963}, {}, {}, 0, 0});
            const ImuStream *second = recording.findStream("x-IMU3 no. 2/accelerometer");
            QVERIFY(second);
            QCOMPARE(second->samples(), std::size_t{400});
            // Block order: row 10 is the first of Sample_282; the last value is of Sample_320.
            QVERIFY(std::abs(recording.findStream("x-IMU3 no. 1/gyroscope")->values[0][10] - 0.191553188f) < 1e-6);
            QVERIFY(std::abs(second->values[2].back() + 1.131870890f) < 1e-5);
            QCOMPARE(recording.videos.size(), std::size_t{1});
            QCOMPARE(recording.videos.front().frames, std::size_t{400});
            QCOMPARE(recording.videos.front().series.images[10].filename().string(), std::string("frame_2811.jpg"));
            QCOMPARE(recording.videos.front().series.timesNs[10], Nanos{333'333'333});
        }
    }

    void everythingInTheFolderIsOpenedOnceAndNothingElse()
    {
        KINO_NEEDS_TEST_DATA();
        const ImportOutcome outcome = importPaths(std::vector<std::filesystem::path>{test::testDataFolder()});
        for (const ImportFailure &failure : outcome.failures)
            qWarning() << failure.message.c_str();
        QCOMPARE(outcome.failures.size(), std::size_t{0});
        std::map<std::string, int> formats;
        std::map<std::string, int> names;
        std::map<std::filesystem::path, int> paths;
        for (const Recording &recording : outcome.recordings) {
            ++formats[recording.format];
            ++names[recording.name];
            ++paths[recording.path];
        }
        for (const auto &[name, count] : names)
            QVERIFY2(count == 1, name.c_str());
        for (const auto &[path, count] : paths)
            QVERIFY2(count == 1, path.c_str());
        QCOMPARE(formats["sp-sw-har"], 155);
        QCOMPARE(formats["hapt"], 32);
        QCOMPARE(formats["umafall"], 96);
        QCOMPARE(formats["driver-behavior"], 2);
        QCOMPARE(formats["swimming-watch"], 12);
        QCOMPARE(formats["x-io"], 3);
        QCOMPARE(formats["openpack"], 1);
        QCOMPARE(formats["euroc"], 1);
        QCOMPARE(formats["ximu3-frames"], 1);
        QCOMPARE(formats["phone-gyro-frames"], 1);
        QCOMPARE(formats["utd-mhad"], 646);
        QCOMPARE(formats["gopro-mp4"], 2);
        QVERIFY2(!formats.contains("guess"), "a text beside recordings was taken for one");
    }
};

QTEST_GUILESS_MAIN(ShippedProfilesTest)
#include "shipped_profiles_test.moc"
