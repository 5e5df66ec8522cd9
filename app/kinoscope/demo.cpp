#include "app/kinoscope/demo.h"

#include "core/data/import.h"
#include "core/store/project.h"

namespace kino {
namespace {

namespace fs = std::filesystem;

/** What simulating takes of the time; the rest is reading and storing. */
constexpr double kSimulatedShare = 0.95;

/** Simulated, if that was not done yet: the simulator's folder appears as a whole or not at all. */
void ensureRecordings(const SimulatorOptions &options, const fs::path &recordings, const CancelToken &cancel, const Progress &progress)
{
    std::error_code ignored;
    if (fs::exists(recordings / "truth.json", ignored))
        return;
    fs::remove_all(recordings, ignored);
    simulate(options, recordings, cancel, progress);
}

void addTo(Project &project, const fs::path &recordings, const SimulatorOptions &demo, const CancelToken &cancel)
{
    ImportOptions options;
    options.cancel = cancel;
    const ImportOutcome outcome = importPaths(std::vector{recordings}, options);
    if (outcome.recordings.empty())
        throw Error(recordings, "the demo's recordings cannot be read: delete the folder to have it made again");
    for (const Recording &recording : outcome.recordings) {
        cancel.throwIfCancelled();
        const RecordingId id = project.add(recording, {}, cancel).id;
        for (const VideoTrack &video : recording.videos)
            project.setVideoClock(id, video.name, {fromSeconds(demo.offsetSeconds), demo.driftPpm});
    }
}

} // namespace

SimulatorOptions demoOptions()
{
    SimulatorOptions options;
    options.subjects = 2;
    options.minutes = 1;
    // Nobody should wait half a minute to see what the program is: this size takes half the time of 640 x 360 at 30.
    options.video = SimulatedVideo{.width = 512, .height = 288, .rateHz = 25};
    return options;
}

fs::path demoRecordings(const fs::path &folder, int subject) { return folder / ("recordings-" + std::to_string(subject)); }

fs::path ensureDemoProject(const fs::path &folder, const CancelToken &cancel, const Progress &progress, const SimulatorOptions &demo,
                           const std::function<void(const fs::path &)> &onReady)
{
    const fs::path path = folder / "Demo.kino";
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(folder, "the folder of the demo cannot be made: " + failure.message());
    Project project = fs::exists(path / "project.sqlite", failure) ? Project::open(path) : Project::create(path);
    const std::size_t perSubject = static_cast<std::size_t>(demo.recordingsPerSubject);
    std::size_t complete = project.recordings().size() / perSubject;
    if (complete > 0 && onReady)
        onReady(path);
    for (; complete < static_cast<std::size_t>(demo.subjects); ++complete) {
        SimulatorOptions person = demo;
        person.subjects = 1;
        person.firstSubject = demo.firstSubject + static_cast<int>(complete);
        const fs::path recordings = demoRecordings(folder, person.firstSubject);
        const double begin = static_cast<double>(complete) / demo.subjects;
        const std::string what = "Making demo recording " + std::to_string(complete + 1) + " of " + std::to_string(demo.subjects);
        const Progress part([&progress, &what, begin, &demo](double fraction, std::string_view) { progress(begin + fraction * kSimulatedShare / demo.subjects, what); });
        part(0, what);
        ensureRecordings(person, recordings, cancel, part);
        addTo(project, recordings, demo, cancel);
        if (onReady)
            onReady(path);
    }
    progress(1, "The demo is ready");
    return path;
}

} // namespace kino
