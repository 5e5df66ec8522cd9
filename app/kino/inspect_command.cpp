#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/recording_json.h"
#include "core/base/error.h"

namespace kino::cli {

void addInspectCommand(Program &program)
{
    struct Options {
        std::vector<std::string> paths;
        ImportOptions import;
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("inspect", "Tell what is in recordings: streams, rates, gaps, videos, labels",
                                           "kino inspect ride.mp4 recordings/ --json");
    command->add_option("PATH", options->paths, "Files, or folders, which are searched through")->required()->check(notEmpty());
    command->add_option("--profile", options->import.profile, "Read by this profile: a name of `kino formats`, or a JSON file")
        ->check(notEmpty());
    command->add_option("--subject", options->import.subjectPattern,
                        "Regular expression on the path; its first group is the subject")
        ->check(notEmpty() & regularExpression());
    program.onRun(command, [options, &context = program.context] {
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
