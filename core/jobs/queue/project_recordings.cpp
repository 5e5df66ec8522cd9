#include "core/jobs/queue/project_recordings.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json_path.h"
#include "core/store/project.h"

#include <algorithm>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Chosen {
    std::vector<RecordingId> ids;
    std::vector<std::string> names;
};

Chosen choose(const Project &project, const Json &choice)
{
    const std::string tag = choice.contains("tag") && choice.at("tag").is_string() ? choice.at("tag").get<std::string>() : std::string();
    if (tag.empty() && choice != Json{{"project", "all"}})
        throw Error("data.recordings: must be patterns of files, {\"project\": \"all\"} or {\"tag\": \"…\"}");
    Chosen chosen;
    for (const LibraryRow &row : project.library()) {
        if (!tag.empty() && std::ranges::find(row.tags, tag) == row.tags.end())
            continue;
        chosen.ids.push_back(row.id);
        chosen.names.push_back(row.name);
    }
    if (chosen.ids.empty() && tag.empty())
        throw Error(project.folder(), "holds no recordings yet; add some with `kino import`");
    if (chosen.ids.empty()) {
        std::string tags;
        for (const std::string &each : project.tags())
            tags += (tags.empty() ? "" : ", ") + each;
        throw Error("data.recordings: no recording of the project has the tag \"" + tag + "\"; there is: " + (tags.empty() ? "none" : tags));
    }
    return chosen;
}

Chosen formerChoice(const Project &project, const fs::path &file)
{
    Chosen chosen;
    for (const Json &each : readJsonFile(file)) {
        chosen.ids.push_back(each.at("id").get<RecordingId>());
        chosen.names.push_back(each.at("name").get<std::string>());
        project.recording(chosen.ids.back()); // a sentence where it was removed
    }
    return chosen;
}

Chosen chosenFor(const Project &project, const Json &choice, const fs::path &runFolder)
{
    if (runFolder.empty())
        return choose(project, choice);
    const fs::path file = runFolder / "recordings.json";
    std::error_code ignored;
    if (fs::exists(file, ignored))
        return formerChoice(project, file);
    Chosen chosen = choose(project, choice);
    Json list = Json::array();
    for (std::size_t place = 0; place < chosen.ids.size(); ++place)
        list.push_back({{"id", chosen.ids[place]}, {"name", chosen.names[place]}});
    writeFileAtomically(file, list.dump(1) + "\n");
    return chosen;
}

} // namespace

void takeProjectRecordings(Json &datasetPart, LoadOptions &load, const ProjectRecordings &recordings)
{
    const Json *choice = valueAt(datasetPart, "data.recordings");
    if (!choice || !choice->is_object() || !recordings)
        return;
    ChosenRecordings chosen = recordings(*choice);
    datasetPart["data"]["recordings"] = chosen.names;
    load.read = std::move(chosen.read);
}

ProjectRecordings recordingsOfProject(const fs::path &folder, const fs::path &runFolder)
{
    return [folder, runFolder](const Json &choice) {
        const auto project = std::make_shared<Project>(Project::open(folder));
        const auto chosen = std::make_shared<const Chosen>(chosenFor(*project, choice, runFolder));
        ChosenRecordings result;
        result.names = chosen->names;
        result.read = [project, chosen](const ImportOptions &options, const RecordingVisitor &visit) {
            ImportOutcome outcome;
            for (std::size_t place = 0; place < chosen->ids.size(); ++place) {
                options.cancel.throwIfCancelled();
                options.progress(static_cast<double>(place) / static_cast<double>(chosen->ids.size()), "reading " + chosen->names[place]);
                Recording recording = project->loadRecording(chosen->ids[place], options.cancel);
                // By the name it began with, which its window table has.
                recording.name = chosen->names[place];
                visit(recording);
                outcome.recordings.push_back(std::move(recording));
            }
            return outcome;
        };
        return result;
    };
}

} // namespace kino
