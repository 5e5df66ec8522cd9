#include "core/data/formats/mhad_reader.h"

#include "core/base/error.h"
#include "core/data/formats/depth_clip.h"
#include "core/data/formats/mat_file.h"

#include <charconv>
#include <limits>
#include <numbers>
#include <set>
#include <tuple>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr double kStandardGravity = 9.80665;
constexpr Nanos kSamplePeriodNs = 20 * kNanosPerMillisecond; // 50 Hz by the dataset's description
/** Median of the dataset: 2.625 samples of 20 ms a frame. Used only where a clip lies without its samples. */
constexpr Nanos kFramePeriodNs = 52'500'000;
constexpr std::size_t kMostSamples = 100'000; // half an hour; trials have 107 to 326
constexpr int kFirstThighAction = 22;

enum class Kind { inertial, depth, skeleton };
constexpr std::pair<std::string_view, Kind> kSuffixes[] = {
    {"_inertial.mat", Kind::inertial}, {"_depth.mat", Kind::depth}, {"_skeleton.mat", Kind::skeleton}};
constexpr std::string_view kFolders[] = {"Inertial", "Depth", "Skeleton"};

constexpr std::string_view kPhrases[] = {
    "right arm swipe to the left", "right arm swipe to the right", "right hand wave", "two hand front clap",
    "right arm throw", "cross arms in the chest", "basketball shoot", "right hand draw x",
    "right hand draw circle (clockwise)", "right hand draw circle (counter clockwise)", "draw triangle",
    "bowling (right hand)", "front boxing", "baseball swing from right", "tennis right hand forehand swing",
    "arm curl (two arms)", "tennis serve", "two hand push", "right hand knock on door", "right hand catch an object",
    "right hand pick up and throw", "jogging in place", "walking in place", "sit to stand", "stand to sit",
    "forward lunge (left foot forward)", "squat (two arms stretch out)"};

struct Trial {
    int action = 0;
    int subject = 0;
    int trial = 0;
    Kind kind = Kind::inertial;
    std::string stem; // "a1_s2_t3"
};

/** Takes `letter` and a number from 1 to 99 off the front. */
std::optional<int> takeNumber(std::string_view &text, std::string_view letter)
{
    if (!text.starts_with(letter))
        return std::nullopt;
    text.remove_prefix(letter.size());
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || number < 1 || number > 99 || text.front() == '0')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<Trial> trialOf(const fs::path &file)
{
    const std::string name = file.filename().string();
    std::string_view left = name;
    const auto action = takeNumber(left, "a");
    const auto subject = action ? takeNumber(left, "_s") : std::nullopt;
    const auto number = subject ? takeNumber(left, "_t") : std::nullopt;
    if (!number || mhadActionPhrase(*action).empty())
        return std::nullopt;
    for (const auto &[suffix, kind] : kSuffixes) {
        if (left == suffix)
            return Trial{*action, *subject, *number, kind, name.substr(0, name.size() - suffix.size())};
    }
    return std::nullopt;
}

/** The folder above Inertial, Depth and Skeleton; the file's own folder where it lies in none of them. */
fs::path rootOf(const fs::path &file)
{
    const fs::path folder = file.parent_path();
    return std::ranges::find(kFolders, folder.filename().string()) == std::end(kFolders) ? folder
                                                                                         : folder.parent_path();
}

struct TrialFiles {
    fs::path inertial;
    fs::path depth;
    fs::path skeleton;

    fs::path &of(Kind kind) { return kind == Kind::inertial ? inertial : kind == Kind::depth ? depth : skeleton; }
    std::vector<fs::path> all() const
    {
        std::vector<fs::path> files;
        for (const fs::path *file : {&inertial, &depth, &skeleton}) {
            if (!file->empty())
                files.push_back(*file);
        }
        return files;
    }
};

/** Looks on disk for the trial's other files: a file named alone opens its trial. */
void completeFromDisk(TrialFiles &files, const fs::path &root, const std::string &stem)
{
    for (std::size_t index = 0; index < std::size(kSuffixes); ++index) {
        const auto &[suffix, kind] = kSuffixes[index];
        fs::path &file = files.of(kind);
        const std::string name = stem + std::string(suffix);
        for (const fs::path &candidate : {root / kFolders[index] / name, root / name}) {
            std::error_code ignored;
            if (file.empty() && fs::is_regular_file(candidate, ignored))
                file = candidate;
        }
    }
}

struct Inertial {
    std::vector<Nanos> timesNs;
    std::vector<std::vector<float>> columns;
};

Inertial readInertial(const fs::path &file)
{
    const auto dims = readMatDims(file, "d_iner");
    if (dims.size() != 2 || dims[1] != 6 || dims[0] == 0 || dims[0] > kMostSamples)
        throw Error(file, "array d_iner is not N x 6 with 1 to 100000 rows");
    const MatArray<double> array = readMatArray<double>(file, "d_iner");
    const std::size_t rows = dims[0];
    if (array.values.size() != rows * 6)
        throw Error(file, "array d_iner changed while it was read; open it again");
    Inertial inertial;
    for (std::size_t row = 0; row < rows; ++row)
        inertial.timesNs.push_back(static_cast<Nanos>(row) * kSamplePeriodNs);
    for (std::size_t column = 0; column < 6; ++column) {
        const double factor = column < 3 ? kStandardGravity : std::numbers::pi / 180;
        std::vector<float> &values = inertial.columns.emplace_back(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            // Infinite values are no measurement either.
            const double value = array.values[column * rows + row] * factor;
            values[row] = std::isfinite(value) ? static_cast<float>(value) : std::numeric_limits<float>::quiet_NaN();
        }
    }
    return inertial;
}

Device makeDevice(Inertial inertial, const Trial &trial)
{
    Device device;
    device.name = trial.action < kFirstThighAction ? "right wrist" : "right thigh";
    const Column<Nanos> times(std::move(inertial.timesNs));
    for (const StreamKind kind : {StreamKind::accelerometer, StreamKind::gyroscope}) {
        const bool isAccelerometer = kind == StreamKind::accelerometer;
        ImuStream stream;
        stream.kind = kind;
        stream.axes = {"x", "y", "z"};
        stream.unitFound = isAccelerometer ? "g" : "deg/s";
        stream.unit = streamKindUnit(kind);
        stream.timesNs = times;
        // ±8 g and ±1000 deg/s: where the dataset's values stop. As a float, so that a clipped value equals it.
        stream.fullScale = static_cast<float>(isAccelerometer ? 8 * kStandardGravity : 1000 * std::numbers::pi / 180);
        for (std::size_t axis = 0; axis < 3; ++axis)
            stream.values.emplace_back(std::move(inertial.columns[axis + (isAccelerometer ? 0 : 3)]));
        device.streams.push_back(std::move(stream));
    }
    return device;
}

VideoTrack makeDepthTrack(const fs::path &file, const DepthClipSize &size, Nanos spanNs)
{
    VideoTrack video;
    video.name = "depth";
    video.path = file;
    video.storage = VideoStorage::depthClip;
    video.frames = size.frames;
    video.width = size.width;
    video.height = size.height;
    const auto frames = static_cast<Nanos>(size.frames);
    for (Nanos frame = 0; frame < frames; ++frame)
        video.clipTimesNs.push_back(spanNs * frame / frames);
    video.start = {0};
    video.end = {spanNs};
    video.rateHz = static_cast<double>(frames) / toSeconds(spanNs);
    return video;
}

class MhadReader : public Reader {
public:
    FormatInfo format() const override { return {"utd-mhad", "UTD-MHAD trial (MATLAB)", {"mat"}, true}; }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        std::map<std::pair<fs::path, std::string>, TrialFiles> trials;
        for (const fs::path &file : scan.asked.empty() ? scan.files : scan.asked) {
            if (const auto trial = trialOf(file))
                trials[{rootOf(file), trial->stem}].of(trial->kind) = file;
        }
        std::vector<FileGroup> groups;
        for (auto &[key, files] : trials) {
            completeFromDisk(files, key.first, key.second);
            groups.push_back({files.all(), 1.0, nullptr});
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        TrialFiles files;
        std::optional<Trial> named;
        for (const fs::path &file : group.files) {
            if (const auto trial = trialOf(file)) {
                files.of(trial->kind) = file;
                named = named ? named : trial;
            }
        }
        if (!named)
            throw Error(group.files.empty() ? fs::path() : group.files.front(),
                        "its name is not a<action>_s<subject>_t<trial>_<kind>.mat with an action from 1 to 27");
        if (files.inertial.empty() && files.depth.empty())
            throw Error(files.skeleton, "holds poses only; its trial has no inertial and no depth file beside it");

        Recording recording;
        recording.path = group.files.front();
        recording.files = group.files;
        recording.format = format().name;
        recording.subject = "s" + std::to_string(named->subject);
        const Nanos imuSpanNs = addInertial(recording, files.inertial, *named);
        options.cancel.throwIfCancelled();
        const Nanos spanNs = addDepth(recording, files.depth, imuSpanNs);
        if (recording.devices.empty() && recording.videos.empty())
            throw Error(recording.report.back().file, recording.report.back().message);
        recording.tiers.push_back(
            {"action", TierKind::text, {{{0}, {spanNs}, std::string(mhadActionPhrase(named->action))}}});
        if (!files.skeleton.empty())
            recording.report.push_back({Severity::info, files.skeleton, 0, "pose-not-read", 1, "poses are not read"});
        return recording;
    }

private:
    /** Gives the span of the samples; 0 where there are none. */
    static Nanos addInertial(Recording &recording, const fs::path &file, const Trial &trial)
    {
        if (file.empty()) {
            recording.report.push_back({Severity::warning, recording.path, 0, "missing-file", 1,
                                        "no inertial file of this trial was found: the recording has no signals"});
            return 0;
        }
        try {
            recording.devices.push_back(makeDevice(readInertial(file), trial));
        } catch (const Error &error) {
            recording.report.push_back({Severity::error, file, 0, "unreadable-file", 1, error.sentence()});
            return 0;
        }
        const auto samples = static_cast<Nanos>(recording.devices.front().streams.front().samples());
        recording.report.push_back({Severity::info, file, 0, "unit", 1,
                                    "acceleration was turned from g into m/s^2, angular rate from deg/s into rad/s"});
        recording.report.push_back({Severity::info, file, 0, "assumed-rate", samples,
                                    "the file has no times: 50 Hz are taken, as the dataset's description says"});
        return samples * kSamplePeriodNs;
    }

    /** Gives the span of the whole recording. */
    static Nanos addDepth(Recording &recording, const fs::path &file, Nanos imuSpanNs)
    {
        if (file.empty())
            return imuSpanNs;
        try {
            const DepthClipSize size = readDepthClipSize(file);
            const Nanos spanNs = imuSpanNs > 0 ? imuSpanNs : static_cast<Nanos>(size.frames) * kFramePeriodNs;
            recording.videos.push_back(makeDepthTrack(file, size, spanNs));
            recording.report.push_back(
                {Severity::info, file, 0, "assumed-frame-times", static_cast<std::int64_t>(size.frames),
                 imuSpanNs > 0 ? "the depth clip has no times: its frames are spread evenly over the samples' span"
                               : "the depth clip has no times: the dataset's median of 52.5 ms a frame is taken"});
            return spanNs;
        } catch (const Error &error) {
            recording.report.push_back({Severity::error, file, 0, "unreadable-file", 1, error.sentence()});
            return imuSpanNs;
        }
    }
};

} // namespace

std::string_view mhadActionPhrase(int action)
{
    return action >= 1 && action <= static_cast<int>(std::size(kPhrases)) ? kPhrases[action - 1] : std::string_view();
}

std::unique_ptr<Reader> makeMhadReader() { return std::make_unique<MhadReader>(); }

} // namespace kino
