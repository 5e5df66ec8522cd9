#include "core/data/simulator/files.h"

#include "core/base/files.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/simulator/sound.h"
#include "core/data/simulator/text.h"
#include "core/media/video_writer.h"

#include <charconv>

namespace kino::simulator {

namespace {

/** The shortest text that reads back as the same number, whatever the locale. */
template <class Number> void append(std::string &text, Number value)
{
    std::array<char, 32> digits;
    const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text.append(digits.data(), end);
}

/** Of the usual form 8-4-4-4-12. */
std::string uid(RandomStream &stream)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const int group : {8, 4, 4, 4, 12}) {
        if (!text.empty())
            text += '-';
        for (int i = 0; i < group; ++i)
            text += kDigits[stream.below(kDigits.size())];
    }
    return text;
}

} // namespace

void writeImuCsv(const std::filesystem::path &path, const RecordingPlan &plan, const CancelToken &cancel)
{
    std::string text
        = "component_idx,component_timestamp_ms,canonical_timestamp_ms,gyro_x,gyro_y,gyro_z,accl_x,accl_y,accl_z\n";
    text.reserve(plan.samples * 96);
    RandomStream noise = plan.stream.split(0);
    for (std::size_t i = 0; i < plan.samples; ++i) {
        if (i % 4096 == 0)
            cancel.throwIfCancelled();
        const ImuReading reading
            = faultyReading(exactReading(plan.motion->poseAt(plan.sampleSeconds(i)), plan.gravity), plan.faults, noise);
        const double milliseconds = static_cast<double>(i) * 1000 / plan.rateHz;
        text += "0,";
        append(text, milliseconds);
        text += ',';
        append(text, milliseconds);
        for (const double value :
             {reading.gyro.x, reading.gyro.y, reading.gyro.z, reading.accel.x, reading.accel.y, reading.accel.z}) {
            text += ',';
            append(text, static_cast<float>(value));
        }
        text += '\n';
    }
    writeFileAtomically(path, text);
}

void writeNarrations(const std::filesystem::path &path, const RecordingPlan &plan)
{
    RandomStream uids = plan.stream.split(1);
    nlohmann::json narrations = nlohmann::json::array();
    for (const Narration &narration : narrate(plan.motion->schedule(), plan.stream.split(2))) {
        nlohmann::json json{
            {"timestamp_sec", narration.time}, {"narration_text", narration.text}, {"annotation_uid", uid(uids)}};
        if (plan.video) {
            const VideoTime own = plan.videoClock.toOwn({fromSeconds(narration.time)});
            json["_unmapped_timestamp_sec"] = toSeconds(own.ns);
            json["timestamp_frame"]
                = static_cast<std::int64_t>(std::floor(toSeconds(own.ns) * plan.video->rateHz + 1e-6));
        }
        narrations.push_back(std::move(json));
    }
    const nlohmann::json summaries
        = nlohmann::json::array({{{"start_sec", 0.0},
                                  {"end_sec", toSeconds(plan.lengthNs)},
                                  {"summary_text", "#Summary C moved about in a town square"},
                                  {"annotation_uid", uid(uids)}}});
    const nlohmann::json file{
        {plan.name,
         {{"narration_pass_1", {{"narrations", narrations}, {"summaries", summaries}}}, {"status", "complete"}}}};
    writeFileAtomically(path, file.dump(1) + "\n");
}

void writeLabels(const std::filesystem::path &path, const RecordingPlan &plan)
{
    writeAnnotationCsv(path, {activityTier(plan.motion->schedule())});
}

void writeVideo(const std::filesystem::path &path, const RecordingPlan &plan, const TextureSet &textures,
                const CancelToken &cancel, const std::function<void()> &frameDone)
{
    VideoWriterOptions options;
    options.width = plan.video->width;
    options.height = plan.video->height;
    options.quality = 26;
    options.preset = "superfast";
    options.lastFrameNs = plan.frameLength;
    options.audio = AudioCoding::aac;
    options.audioRateHz = kSoundRateHz;
    VideoWriter writer(path, options);

    const Scene scene = makeScene(plan.motion->path().staircases());
    Renderer renderer(lensOf(*plan.video), scene, textures);
    const std::vector<float> sound
        = makeSound(*plan.motion, plan.videoClock, plan.framePts.back() + plan.frameLength, plan.stream.split(3));
    std::size_t heard = 0;
    for (std::size_t frame = 0; frame < plan.framePts.size(); ++frame) {
        cancel.throwIfCancelled();
        const Pose pose = plan.motion->poseAt(toSeconds(plan.frameTime(frame).ns));
        writer.addFrame(renderer.render(pose, plan.flash(frame)), plan.framePts[frame]);
        // Sound goes along with the pictures, so that the file can be played from anywhere without seeking.
        const double until = toSeconds(plan.framePts[frame] + plan.frameLength) * kSoundRateHz;
        const std::size_t next = frame + 1 == plan.framePts.size()
            ? sound.size()
            : std::min(sound.size(), static_cast<std::size_t>(until));
        writer.addAudio(std::span(sound).subspan(heard, next - heard));
        heard = next;
        frameDone();
    }
    writer.finish();
}

} // namespace kino::simulator
