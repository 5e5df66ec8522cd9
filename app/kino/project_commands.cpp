// kino new, import, list, sync: a project's recordings.
#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "app/kino/recording_json.h"
#include "core/base/error.h"

namespace kino::cli {

Project openProject(const Context &context, const std::string &path)
{
    Project project = Project::open(path);
    for (const std::string &warning : project.warnings())
        say(context, "kino: " + warning);
    return project;
}

namespace {

using Json = nlohmann::ordered_json;

std::string_view outcomeName(AddOutcome outcome)
{
    switch (outcome) {
    case AddOutcome::added: return "added";
    case AddOutcome::known: return "known";
    case AddOutcome::relocated: return "relocated";
    case AddOutcome::updated: return "updated";
    }
    return "added";
}

std::string_view outcomeText(AddOutcome outcome)
{
    switch (outcome) {
    case AddOutcome::added: return "added";
    case AddOutcome::known: return "was in the project already";
    case AddOutcome::relocated: return "found again in its new place";
    case AddOutcome::updated: return "had changed and was read again";
    }
    return "added";
}

/** The badges of each recording that has any, by id. */
std::map<RecordingId, Json> badgesOf(const Project &project)
{
    std::map<RecordingId, Json> badges;
    for (const LibraryRow &row : project.library()) {
        Json list = Json::array();
        for (const QualityBadge &badge : row.badges)
            list.push_back({{"code", badge.code},
                            {"severity", severityName(badge.severity)},
                            {"count", badge.count},
                            {"message", badge.message}});
        badges.emplace(row.id, std::move(list));
    }
    return badges;
}

void addNew(Program &program)
{
    const auto path = std::make_shared<std::string>();
    CLI::App *command = program.addCommand("new", "Make a project", "kino new study.kino");
    command->add_option("P.kino", *path, "Folder of the project")->required()->check(notEmpty());
    program.onRun(command, [path, &context = program.context] {
        const Project project = Project::create(*path);
        for (const std::string &warning : project.warnings())
            say(context, "kino: " + warning);
        if (context.json)
            printJson({{"project", project.folder().string()}});
        else
            printText(project.folder().string() + "\n");
        return kDone;
    });
}

struct ImportArguments {
    std::string project, tag;
    std::vector<std::string> paths;
    ImportOptions import;
};

int import(const Context &context, const ImportArguments &arguments)
{
    Project project = openProject(context, arguments.project);
    Json recordings = Json::array();
    std::string text;
    // Each is stored soon after it is read: Ctrl-C keeps what was done, and samples need not all be in memory.
    const auto store = [&](Recording &recording) {
        const AddResult result =
            project.add(recording, {arguments.import.profile, arguments.import.subjectPattern}, context.cancel);
        if (!arguments.tag.empty())
            project.addTag(result.id, arguments.tag);
        dropSamples(recording);
        const std::string name = project.recording(result.id).recording.name;
        recordings.push_back({{"id", result.id}, {"name", name}, {"outcome", outcomeName(result.outcome)}});
        text += std::to_string(result.id) + "  " + name + "  " + std::string(outcomeText(result.outcome)) + "\n";
    };
    const ImportOutcome outcome = readPaths(context, arguments.paths, arguments.import, store);
    if (context.json)
        printJson({{"recordings", recordings}, {"errors", failuresJson(outcome.failures)}});
    else
        printText(text);
    if (recordings.empty())
        throw Error(failureSentence(outcome));
    for (const ImportFailure &failure : outcome.failures)
        say(context, "kino: " + failure.message);
    return outcome.failures.empty() ? kDone : kSomeFailed;
}

void addImport(Program &program)
{
    const auto arguments = std::make_shared<ImportArguments>();
    CLI::App *command = program.addCommand("import", "Take recordings into a project; the files stay where they are",
                                           "kino import study.kino recordings/ --subject 'subject_(\\d+)' --tag pilot");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("PATH", arguments->paths, "Files, or folders, which are searched through")->required()->check(notEmpty());
    command->add_option("--profile", arguments->import.profile, "Read by this profile: a name of `kino formats`, or a JSON file")
        ->check(notEmpty());
    command->add_option("--subject", arguments->import.subjectPattern,
                        "Regular expression on the path; its first group is the subject")
        ->check(notEmpty() & regularExpression());
    command->add_option("--tag", arguments->tag, "Tag to give them")->check(notEmpty());
    program.onRun(command, [arguments, &context = program.context] { return import(context, *arguments); });
}

void addList(Program &program)
{
    const auto path = std::make_shared<std::string>();
    CLI::App *command = program.addCommand("list", "List a project's recordings", "kino list study.kino --json");
    command->add_option("P.kino", *path, "The project")->required()->check(notEmpty());
    program.onRun(command, [path, &context = program.context] {
        const Project project = openProject(context, *path);
        if (context.json) {
            printJson({{"recordings", projectJson(project)}, {"errors", Json::array()}});
            return kDone;
        }
        std::vector<std::vector<std::string>> rows{{"id", "name", "format", "subject", "streams", "length", "tags"}};
        for (const RecordingEntry &entry : project.recordings()) {
            std::size_t streams = 0;
            for (const auto &device : entry.overview)
                streams += device.size();
            std::string tags;
            for (const std::string &tag : entry.tags)
                tags += (tags.empty() ? "" : " ") + tag;
            rows.push_back({std::to_string(entry.id), entry.recording.name, entry.recording.format, entry.recording.subject,
                            std::to_string(streams) +
                                (entry.recording.videos.empty() ? ""
                                                                : " + " + std::to_string(entry.recording.videos.size()) + " video"),
                            seconds(extentOf(entry)), tags});
        }
        printText(rows.size() > 1 ? table(rows) : "no recordings yet; add some with `kino import`\n");
        return kDone;
    });
}

struct SyncArguments {
    std::string project, recording, device, video;
    double offsetSeconds = 0;
    std::optional<double> driftPpm;
};

int sync(const Context &context, const SyncArguments &arguments)
{
    Project project = openProject(context, arguments.project);
    const RecordingId id = project.findRecording(arguments.recording);
    const RecordingEntry before = project.recording(id);
    const Nanos offsetNs = fromSeconds(arguments.offsetSeconds);
    // Drift that is not given stays as it is.
    double driftPpm = arguments.driftPpm.value_or(0);
    if (!arguments.device.empty()) {
        const Device *device = before.recording.findDevice(arguments.device);
        if (device && !arguments.driftPpm)
            driftPpm = device->clock.driftPpm;
        project.setDeviceClock(id, arguments.device, {offsetNs, driftPpm});
    } else {
        const auto video = std::ranges::find(before.recording.videos, arguments.video, &VideoTrack::name);
        if (video != before.recording.videos.end() && !arguments.driftPpm)
            driftPpm = video->clock.driftPpm;
        project.setVideoClock(id, arguments.video, {offsetNs, driftPpm});
    }
    const std::string &name = arguments.device.empty() ? arguments.video : arguments.device;
    if (context.json)
        printJson({{"id", id},
                   {"recording", before.recording.name},
                   {arguments.device.empty() ? "video" : "device", name},
                   {"offset_ns", offsetNs},
                   {"drift_ppm", driftPpm}});
    else
        printText(before.recording.name + ": " + name + " is at offset " + seconds(offsetNs) + ", drift " +
                  decimal(driftPpm) + " ppm\n");
    return kDone;
}

void addSync(Program &program)
{
    const auto arguments = std::make_shared<SyncArguments>();
    CLI::App *command = program.addCommand("sync", "Say how the clock of a device or video lies on its recording's",
                                           "kino sync study.kino ride --video ride --offset-s 0.35 --drift-ppm 40");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("RECORDING", arguments->recording, "Name or id")->required()->check(notEmpty());
    CLI::Option *device = command->add_option("--device", arguments->device, "Name of the device")->check(notEmpty());
    CLI::Option *video = command->add_option("--video", arguments->video, "Name of the video")->check(notEmpty())->excludes(device);
    command->add_option("--offset-s", arguments->offsetSeconds, "Recording time at the clock's zero, seconds")
        ->required()
        ->check(numberFrom(-3.2e9, 3.2e9, "a number of seconds"));
    command->add_option("--drift-ppm", arguments->driftPpm, "How much longer its seconds are, millionths")
        ->check(numberFrom(-1e5, 1e5, "a drift in ppm"));
    program.onRun(command, [arguments, device, video, &context = program.context] {
        if (device->count() + video->count() != 1)
            throw CLI::ValidationError("say whose clock is meant: --device NAME or --video NAME");
        return sync(context, *arguments);
    });
}

} // namespace

Json projectJson(const Project &project)
{
    Json recordings = Json::array();
    std::map<RecordingId, Json> badges = badgesOf(project);
    for (const RecordingEntry &entry : project.recordings()) {
        Json json{{"id", entry.id}};
        json.update(recordingJson(entry.recording, entry.overview));
        json["tags"] = entry.tags;
        json["badges"] = std::move(badges[entry.id]);
        recordings.push_back(std::move(json));
    }
    return recordings;
}

bool isProject(const std::string &path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(std::filesystem::path(path) / "project.sqlite", ignored);
}

Nanos extentOf(const RecordingEntry &entry)
{
    std::optional<Nanos> from, to;
    const auto widen = [&](RecordingTime start, RecordingTime end) {
        from = std::min(from.value_or(start.ns), start.ns);
        to = std::max(to.value_or(end.ns), end.ns);
    };
    for (std::size_t d = 0; d < entry.overview.size(); ++d) {
        for (const StreamOverview &stream : entry.overview[d]) {
            if (stream.summary.timing.samples > 0)
                widen(entry.recording.devices[d].clock.toRecording({stream.firstOwnNs}),
                      entry.recording.devices[d].clock.toRecording({stream.lastOwnNs}));
        }
    }
    for (const VideoTrack &video : entry.recording.videos) {
        if (video.frames > 0)
            widen(video.clock.toRecording(video.start), video.clock.toRecording(video.end));
    }
    return to.value_or(0) - from.value_or(0);
}

void addProjectCommands(Program &program)
{
    addNew(program);
    addImport(program);
    addList(program);
    addSync(program);
}

} // namespace kino::cli
