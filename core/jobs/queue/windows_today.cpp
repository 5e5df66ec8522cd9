#include "core/jobs/queue/windows_today.h"

#include "core/base/files.h"
#include "core/base/json_path.h"
#include "core/data/dataset/load_dataset.h"
#include "core/jobs/queue/project_recordings.h"
#include "core/jobs/specification/specification.h"
#include "core/store/project.h"

#include <algorithm>

namespace kino {
namespace {

namespace fs = std::filesystem;
constexpr const char *kWindowTable = "windows.csv";
using Json = nlohmann::json;

/** What the project's recordings are called today, by the names that the run began with; those alone that are called otherwise. */
std::map<std::string, std::string> renamedSince(const fs::path &project, const fs::path &runFolder)
{
    std::map<std::string, std::string> names;
    const fs::path file = runFolder / "recordings.json";
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return names;
    std::map<RecordingId, std::string> today;
    for (const LibraryRow &row : Project::open(project).library())
        today.emplace(row.id, row.name);
    for (const Json &each : readJsonFile(file)) {
        const auto found = today.find(each.at("id").get<RecordingId>());
        if (found != today.end() && found->second != each.at("name").get<std::string>())
            names.emplace(each.at("name").get<std::string>(), found->second);
    }
    return names;
}

} // namespace

bool canCompareWithToday(const JobDetail &run)
{
    const Json *source = valueAt(run.complete, "data.source");
    return run.row.kind == "train" && source && *source == "recordings" && !valueAt(run.complete, "data.split.file")
        && std::ranges::find(run.artifacts, kWindowTable, &JobArtifact::path) != run.artifacts.end();
}

WindowsToday compareWithToday(const fs::path &project, const JobDetail &run, const CancelToken &cancel, const Progress &progress)
{
    const fs::path runFolder = project / "runs" / std::to_string(run.row.id);
    std::vector<WindowLine> before = readWindowTable(runFolder / kWindowTable);
    const std::map<std::string, std::string> names = renamedSince(project, runFolder);
    for (WindowLine &line : before) {
        if (const auto renamed = names.find(line.recording); renamed != names.end())
            line.recording = renamed->second;
    }
    Json part = datasetPart(run.complete);
    LoadOptions load;
    load.samples = LoadedSamples::none;
    load.cancel = cancel;
    load.progress = progress;
    takeProjectRecordings(part, load, recordingsOfProject(project));
    LoadedDataset today = loadDataset(datasetSpecFromJson(part), run.folder, load);
    return {compareWindows(before, linesOf(*today.table)), std::move(today.failures)};
}

} // namespace kino
