#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "app/kino/recording_json.h"
#include "core/base/error.h"

namespace kino::cli {
namespace {

/** What a project knows of its recordings, clocks and annotations as set there; no file is read. */
int inspectProject(const Context &context, const std::string &path)
{
    const Project project = openProject(context, path);
    if (context.json) {
        printJson({{"recordings", projectJson(project)}, {"errors", nlohmann::ordered_json::array()}});
        return kDone;
    }
    std::string text;
    for (const RecordingEntry &entry : project.recordings())
        text += recordingText(entry.recording, entry.overview) + "\n";
    printText(text.empty() ? "no recordings yet; add some with `kino import`\n" : text);
    return kDone;
}

} // namespace

void addInspectCommand(Program &program)
{
    struct Options {
        std::vector<std::string> paths;
        ImportOptions import;
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("inspect", "Tell what is in recordings: streams, rates, gaps, videos, labels",
                                           "kino inspect ride.mp4 recordings/ --json");
    command->add_option("PATH", options->paths, "Files, or folders, which are searched through; or one project")
        ->required()
        ->check(notEmpty());
    command->add_option("--profile", options->import.profile, "Read by this profile: a name of `kino formats`, or a JSON file")
        ->check(notEmpty());
    command->add_option("--subject", options->import.subjectPattern,
                        "Regular expression on the path; its first group is the subject")
        ->check(notEmpty() & regularExpression());
    program.onRun(command, [options, &context = program.context] {
        if (options->paths.size() == 1 && isProject(options->paths.front()))
            return inspectProject(context, options->paths.front());
        std::vector<RecordingOverview> overviews;
        const auto summarise = [&overviews](Recording &recording) {
            overviews.push_back(computeOverview(recording));
            dropSamples(recording);
        };
        const ImportOutcome outcome = readPaths(context, options->paths, options->import, summarise);
        const int status = importStatus(outcome);
        std::string text;
        nlohmann::ordered_json recordings = nlohmann::ordered_json::array();
        auto next = overviews.begin();
        for (const Recording &recording : outcome.recordings) {
            context.cancel.throwIfCancelled();
            const RecordingOverview &overview = *next++;
            if (context.json)
                recordings.push_back(recordingJson(recording, overview));
            else
                text += recordingText(recording, overview) + "\n";
        }
        if (context.json)
            printJson({{"recordings", std::move(recordings)}, {"errors", failuresJson(outcome.failures)}});
        else
            printText(text);
        if (status == kNothingDone)
            throw Error(failureSentence(outcome));
        for (const ImportFailure &failure : outcome.failures)
            say(context, "kino: " + failure.message);
        return status;
    });
}

} // namespace kino::cli
