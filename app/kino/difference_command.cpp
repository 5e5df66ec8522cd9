// kino difference: what a run would be on today's labels, before it is done again.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/jobs/queue/windows_today.h"
#include "core/store/jobs/job_store.h"

namespace kino::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    std::string project;
    JobId run = 0;
};

Json labelJson(const std::string &label) { return label.empty() ? Json(nullptr) : Json(label); }

Json lineJson(const WindowLine &line)
{
    return {{"recording", line.recording}, {"device", line.device}, {"start_ns", line.startNs}, {"label", labelJson(line.label)}, {"split", splitPartName(line.part)}};
}

Json changedJson(const WindowDifference::Changed &changed)
{
    Json json = lineJson(changed.after);
    json["label_before"] = labelJson(changed.before.label);
    json["split_before"] = splitPartName(changed.before.part);
    return json;
}

template <class List, class Make>
Json listJson(const List &list, const Make &make)
{
    Json json = Json::array();
    for (const auto &each : list)
        json.push_back(make(each));
    return json;
}

Json partsJson(const std::array<std::size_t, 3> &counts)
{
    Json json = Json::object();
    for (const SplitPart part : {SplitPart::train, SplitPart::validation, SplitPart::test})
        json[std::string(splitPartName(part))] = counts[static_cast<std::size_t>(part)];
    return json;
}

Json documentOf(const WindowsToday &today)
{
    const WindowDifference &difference = today.difference;
    Json errors = Json::array();
    for (const ImportFailure &failure : today.failures)
        errors.push_back({{"path", failure.path.string()}, {"message", failure.message}});
    return {{"windows_before", partsJson(difference.before)},
            {"windows_today", partsJson(difference.after)},
            {"unchanged", difference.unchanged},
            {"added", listJson(difference.added, lineJson)},
            {"removed", listJson(difference.removed, lineJson)},
            {"relabelled", listJson(difference.relabelled, changedJson)},
            {"moved", listJson(difference.moved, changedJson)},
            {"errors", std::move(errors)}};
}

std::string textOf(const WindowDifference &difference)
{
    std::string text = differenceSentence(difference) + "\n";
    if (difference.isEmpty())
        return text;
    const auto number = [](std::size_t count) { return std::to_string(count); };
    std::vector<std::vector<std::string>> classes{{"class", "added", "removed", "from others", "to others", "other part"}};
    for (const auto &[label, count] : difference.byClass)
        classes.push_back({label.empty() ? "-" : label, number(count.added), number(count.removed), number(count.relabelledTo), number(count.relabelledFrom), number(count.moved)});
    std::vector<std::vector<std::string>> recordings{{"recording", "added", "removed", "relabelled", "other part"}};
    for (const auto &[recording, count] : difference.byRecording)
        recordings.push_back({recording, number(count.added), number(count.removed), number(count.relabelledTo), number(count.moved)});
    return text + "\n" + table(classes) + "\n" + table(recordings);
}

int run(const Context &context, const Arguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    const JobDetail detail = JobStore(project.folder()).detail(arguments.run);
    if (!canCompareWithToday(detail))
        throw Error("Run " + std::to_string(arguments.run)
                    + " has no windows that labels of today could change: it learned from no recordings, took its windows from a table, has not begun yet, or is a study.");
    ProgressBar bar(context);
    const WindowsToday today = compareWithToday(project.folder(), detail, context.cancel, bar.progress());
    if (context.json)
        printJson(documentOf(today));
    else
        printText(textOf(today.difference));
    for (const ImportFailure &failure : today.failures)
        say(context, "kino: " + failure.message);
    return today.failures.empty() ? kDone : kSomeFailed;
}

} // namespace

void addDifferenceCommand(Program &program)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App *command = program.addCommand("difference", "Tell which windows and labels a run would have today and had not: before `kino retry`", "kino difference study.kino 7 --json");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("RUN", arguments->run, "Its number, as `kino runs` lists it")->required()->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    program.onRun(command, [arguments, &context = program.context] { return run(context, *arguments); });
}

} // namespace kino::cli
