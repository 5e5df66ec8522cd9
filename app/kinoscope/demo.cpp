#include "app/kinoscope/demo.h"

#include "core/data/import.h"
#include "core/store/project.h"

namespace kino {
namespace fs = std::filesystem;

SimulatorOptions demoOptions()
{
    SimulatorOptions options;
    options.subjects = 2;
    options.minutes = 1;
    options.video = SimulatedVideo{.width = 640, .height = 360, .rateHz = 30};
    return options;
}

std::filesystem::path ensureDemoProject(const fs::path &folder, const CancelToken &cancel, const Progress &progress,
                                        const SimulatorOptions &demo)
{
    const fs::path recordings = folder / "recordings";
    const fs::path project = folder / "Demo.kino";
    std::error_code ignored;
    // The simulator's folder appears as a whole or not at all.
    const bool isSimulated = fs::exists(recordings / "truth.json", ignored);
    if (isSimulated && fs::exists(project / "project.sqlite", ignored)) {
        if (Project::open(project).recordings().size() >= static_cast<std::size_t>(demo.subjects * demo.recordingsPerSubject))
            return project;
    }
    progress(0, "Making the demo recordings");
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(folder, "the folder of the demo cannot be made: " + failure.message());
    if (!isSimulated) {
        fs::remove_all(recordings, ignored);
        simulate(demo, recordings, cancel, progress.part(0, 0.9));
    }
    ImportOptions options;
    options.cancel = cancel;
    options.progress = progress.part(0.9, 0.95);
    const ImportOutcome outcome = importPaths(std::vector{recordings}, options);
    if (outcome.recordings.empty())
        throw Error(recordings, "the demo's recordings cannot be read: delete the folder to have it made again");
    Project opened = fs::exists(project / "project.sqlite", ignored) ? Project::open(project) : Project::create(project);
    for (const Recording &recording : outcome.recordings) {
        cancel.throwIfCancelled();
        const RecordingId id = opened.add(recording, {}, cancel).id;
        for (const VideoTrack &video : recording.videos)
            opened.setVideoClock(id, video.name, {fromSeconds(demo.offsetSeconds), demo.driftPpm});
    }
    progress(1, "Making the demo recordings");
    return project;
}

} // namespace kino
