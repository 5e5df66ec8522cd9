#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/media/image_io.h"
#include "core/media/video_source.h"

namespace kino::cli {
namespace {

struct Options {
    std::string path, out, recording, profile;
    double atSeconds = 0;
    std::size_t video = 0;
};

int run(const Context &context, const Options &options)
{
    const Recording recording = readOneRecording(context, options.path, options.profile, options.recording);
    if (options.video >= recording.videos.size())
        throw Error(recording.path, recording.videos.empty()
                                        ? "has no video"
                                        : "has no video " + std::to_string(options.video) + "; --video takes 0" +
                                            (recording.videos.size() > 1
                                                 ? " to " + std::to_string(recording.videos.size() - 1)
                                                 : " only"));
    const VideoTrack &track = recording.videos[options.video];
    const RecordingTime at{fromSeconds(options.atSeconds)};
    const auto source = openVideo(track);
    const FrameTable &frames = source->frames();
    const auto index = frames.frameAt(track.clock.toOwn(at));
    if (!index) {
        const auto from = track.clock.toRecording({frames.size() > 0 ? frames.ptsNs.front() : 0});
        throw Error(track.path, "shows nothing at " + seconds(at.ns) + "; its frames run from " + seconds(from.ns) + " to " +
                                    seconds(track.clock.toRecording({frames.endNs}).ns));
    }
    writePng(options.out, source->frame(*index, context.cancel));
    const Nanos ptsNs = frames.ptsNs[*index];
    if (context.json)
        printJson({{"index", *index},
                   {"pts_ns", ptsNs},
                   {"time_ns", track.clock.toRecording({ptsNs}).ns},
                   {"video", track.name},
                   {"out", options.out}});
    else
        printText("frame " + std::to_string(*index) + " of " + track.name + ", shown from " + seconds(ptsNs) +
                  " of the video on: " + options.out + "\n");
    return kDone;
}

} // namespace

void addFrameCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("frame", "Write the video frame that is shown at a time",
                                           "kino frame ride.mp4 --at 12.5 --out frame.png");
    command->add_option("PATH", options->path, "A recording with video")->required()->check(notEmpty());
    // Beyond a century of seconds, nanoseconds would not fit.
    command->add_option("--at", options->atSeconds, "Seconds on the recording's clock")
        ->required()
        ->check(numberFrom(-3.2e9, 3.2e9, "a number of seconds"));
    command->add_option("--out", options->out, "FILE.png")->required()->check(fileEndingIn({".png"}));
    command->add_option("--video", options->video, "Which video, counted from 0")
        ->check(wholeNumberFrom(0, 1'000'000))
        ->capture_default_str();
    command->add_option("--recording", options->recording, "Which one, where PATH holds several")->check(notEmpty());
    command->add_option("--profile", options->profile, "Read by this profile")->check(notEmpty());
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
