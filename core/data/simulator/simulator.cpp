#include "core/data/simulator/simulator.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/data/simulator/files.h"
#include "core/data/simulator/plan.h"

#include <atomic>
#include <mutex>
#include <set>
#include <system_error>
#include <unistd.h>

namespace kino {

namespace {

using namespace simulator;
namespace fs = std::filesystem;

/** A folder beside the wanted one that takes its name when all is written, and else vanishes. */
class FolderInMaking {
public:
    explicit FolderInMaking(const fs::path &out)
    try : m_out(fs::weakly_canonical(out)) {
        if (m_out.filename().empty())
            m_out = m_out.parent_path();
        if (fs::exists(m_out) && !fs::is_directory(m_out))
            throw Error(out, "A file of this name is in the way: choose another folder for the simulation.");
        if (fs::exists(m_out) && !fs::is_empty(m_out))
            throw Error(out, "The folder is not empty: choose a new or an empty one for the simulation.");
        m_path = m_out;
        m_path += ".simulating-" + std::to_string(::getpid());
        fs::create_directories(m_path);
    } catch (const fs::filesystem_error &failure) {
        throw Error(out, "The folder cannot be made (" + failure.code().message() + "): choose one you may write to.");
    }
    ~FolderInMaking()
    {
        std::error_code ignored;
        if (!m_done)
            fs::remove_all(m_path, ignored);
    }
    FolderInMaking(const FolderInMaking &) = delete;
    FolderInMaking &operator=(const FolderInMaking &) = delete;

    const fs::path &path() const { return m_path; }
    void finish()
    {
        std::error_code failure;
        fs::rename(m_path, m_out, failure);
        if (failure)
            throw Error(m_out, "The simulation cannot be put here (" + failure.message() + "): choose another folder.");
        m_done = true;
    }

private:
    fs::path m_out;
    fs::path m_path;
    bool m_done = false;
};

std::size_t activitiesIn(const RecordingPlan &plan)
{
    std::set<SimulatedActivity> found;
    for (const Segment &segment : plan.motion->schedule().segments)
        if (segment.activity)
            found.insert(*segment.activity);
    return found.size();
}

nlohmann::json filesOf(const RecordingPlan &plan)
{
    const std::string stem = plan.subject + "/" + plan.name;
    nlohmann::json files{{"imu", stem + ".csv"},
                         {"video", nullptr},
                         {"narrations", stem + ".narrations.json"},
                         {"labels", stem + ".labels.csv"}};
    if (plan.video)
        files["video"] = stem + ".mp4";
    return files;
}

} // namespace

nlohmann::json simulate(const SimulatorOptions &options, const std::filesystem::path &out, const CancelToken &cancel,
                        const Progress &progress)
{
    checkOptions(options);
    FolderInMaking folder(out);
    const std::size_t threads = options.threads ? options.threads : usableThreads();
    const auto perSubject = static_cast<std::size_t>(options.recordingsPerSubject);
    const std::size_t count = static_cast<std::size_t>(options.subjects) * perSubject;

    std::vector<RecordingPlan> plans(count);
    parallelFor(count, threads, [&](std::size_t i) {
        cancel.throwIfCancelled();
        plans[i] = planRecording(options, static_cast<int>(i / perSubject) + options.firstSubject - 1, static_cast<int>(i % perSubject));
    });
    for (const RecordingPlan &plan : plans) {
        if (options.activities.empty() && activitiesIn(plan) < allSimulatedActivities().size()) {
            log(LogLevel::warning,
                "The recordings are too short for all activities; truth.json says which each one holds.");
            break;
        }
    }
    const TextureSet textures = options.video ? TextureSet::make(threads) : TextureSet();

    std::size_t allFrames = 0;
    for (const RecordingPlan &plan : plans)
        allFrames += plan.framePts.size() + plan.samples / 200;
    std::size_t framesDone = 0;
    std::mutex progressMutex;
    const auto advance = [&](std::size_t frames) {
        const std::lock_guard lock(progressMutex);
        framesDone += frames;
        progress(static_cast<double>(framesDone) / static_cast<double>(allFrames), "Simulating recordings");
    };

    parallelFor(count, threads, [&](std::size_t i) {
        const RecordingPlan &plan = plans[i];
        std::error_code failure;
        fs::create_directories(folder.path() / plan.subject, failure);
        if (failure)
            throw Error(folder.path() / plan.subject, "The folder cannot be made (" + failure.message() + ").");
        const fs::path stem = folder.path() / plan.subject / plan.name;
        const auto with = [&](const char *ending) {
            fs::path path = stem;
            return path += ending;
        };
        writeImuCsv(with(".csv"), plan, cancel);
        advance(plan.samples / 200);
        writeNarrations(with(".narrations.json"), plan);
        writeLabels(with(".labels.csv"), plan);
        if (plan.video)
            writeVideo(with(".mp4"), plan, textures, cancel, [&] { advance(1); });
    });

    nlohmann::json recordings = nlohmann::json::array();
    for (const RecordingPlan &plan : plans) {
        nlohmann::json recording = toJson(plan);
        recording["files"] = filesOf(plan);
        recordings.push_back(std::move(recording));
    }
    nlohmann::json truth{
        {"kinoscope_simulation", 1},
        {"about",
         "World: x east, y north, z up. Device: camera and sensor are one, x right, y down, z ahead; the accelerometer "
         "reads specific force. Times are on the recording's clock, whose zero is the first sensor sample; the video's "
         "own time t is at t * (1 + drift_ppm * 1e-6) + offset_ns on it."},
        {"options", toJson(options)},
        {"recordings", std::move(recordings)}};
    writeFileAtomically(folder.path() / "truth.json", truth.dump(1) + "\n");
    cancel.throwIfCancelled();
    folder.finish();
    return truth;
}

} // namespace kino
