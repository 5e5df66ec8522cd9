// kino windows: what a specification would train on, before anything is trained.
#include "app/kino/command.h"
#include "app/kino/window_pictures.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/glob.h"
#include "core/data/windows/window_samples.h"
#include "core/data/windows/window_spec.h"

namespace kino::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
    std::string specification, out;
};

/** One recording's windows, its samples gone. */
struct Cut {
    RecordingWindows windows;
    SplitPart part = SplitPart::train;
};

std::vector<std::string> filesOf(const WindowSpec &spec, const fs::path &specification)
{
    std::vector<std::string> files;
    for (const std::string &pattern : spec.recordings) {
        const auto found = expandGlob(fs::absolute(specification).parent_path(), pattern);
        if (found.empty())
            throw Error(specification,
                        "data.recordings: no file matches \"" + pattern
                            + "\"; patterns count from the specification's folder");
        for (const fs::path &path : found)
            files.push_back(path.string());
    }
    std::ranges::sort(files);
    files.erase(std::ranges::unique(files).begin(), files.end());
    return files;
}

void assignParts(const WindowSpec &spec, std::vector<Cut> &cuts)
{
    const bool bySubject = spec.split.by != SplitBy::recording;
    std::vector<std::string> names;
    for (const Cut &cut : cuts)
        names.push_back(bySubject ? cut.windows.subject : cut.windows.recording);
    const auto parts = assignSplit(spec.split, names, spec.seed);
    for (std::size_t index = 0; index < cuts.size(); ++index)
        cuts[index].part = parts.at(names[index]);
}

struct Line {
    std::string label, subject;
    SplitPart part = SplitPart::train;
    ClassCount count;
};

/** By label, subject and part. */
std::vector<Line> classLines(const std::vector<Cut> &cuts, WindowCounts &total)
{
    std::vector<Line> lines;
    std::vector<RecordingWindows> all;
    for (const SplitPart part : {SplitPart::train, SplitPart::validation, SplitPart::test}) {
        std::vector<RecordingWindows> ofPart;
        for (const Cut &cut : cuts) {
            if (cut.part == part)
                ofPart.push_back(cut.windows);
        }
        const WindowCounts counts = countWindows(ofPart);
        for (const ClassCount &count : counts.classes)
            lines.push_back({count.label, count.subject, part, count});
        for (std::size_t fate = 0; fate < kWindowFates; ++fate) {
            total.fates[fate].windows += counts.fates[fate].windows;
            total.fates[fate].seconds += counts.fates[fate].seconds;
        }
    }
    std::ranges::stable_sort(lines, {},
                             [](const Line &line) { return std::tuple(line.label, line.subject, line.part); });
    return lines;
}

Json documentOf(const std::vector<Cut> &cuts, const WindowRule &rule, const std::vector<Line> &lines,
                const WindowCounts &total, const std::vector<ImportFailure> &failures)
{
    Json classes = Json::array(), dropped = Json::array(), refusals = Json::array(), errors = Json::array();
    for (const Line &line : lines)
        classes.push_back({{"label", line.label.empty() ? Json(nullptr) : Json(line.label)},
                           {"subject", line.subject.empty() ? Json(nullptr) : Json(line.subject)},
                           {"split", splitPartName(line.part)},
                           {"windows", line.count.windows},
                           {"bouts", line.count.bouts},
                           {"seconds", line.count.seconds}});
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        if (total.fates[fate].windows > 0)
            dropped.push_back({{"reason", windowFateName(static_cast<WindowFate>(fate))},
                               {"windows", total.fates[fate].windows},
                               {"seconds", total.fates[fate].seconds}});
    }
    for (const Cut &cut : cuts) {
        for (const std::string &refusal : cut.windows.refusals)
            refusals.push_back({{"recording", cut.windows.recording}, {"message", refusal}});
    }
    for (const ImportFailure &failure : failures)
        errors.push_back({{"path", failure.path.string()}, {"message", failure.message}});
    return {{"samples", rule.samples()},
            {"rate_hz", rule.rateHz},
            {"recordings", cuts.size()},
            {"windows", total.fates[0].windows},
            {"seconds_used", total.fates[0].seconds},
            {"classes", std::move(classes)},
            {"dropped", std::move(dropped)},
            {"refusals", std::move(refusals)},
            {"errors", std::move(errors)}};
}

std::string textOf(const std::vector<Cut> &cuts, const WindowRule &rule, const std::vector<Line> &lines,
                   const WindowCounts &total)
{
    std::vector<std::vector<std::string>> rows{{"class", "subject", "split", "windows", "bouts", "seconds"}};
    for (const Line &line : lines)
        rows.push_back({line.label.empty() ? "-" : line.label, line.subject.empty() ? "-" : line.subject,
                        std::string(splitPartName(line.part)), std::to_string(line.count.windows),
                        std::to_string(line.count.bouts), decimal(line.count.seconds, 1)});
    std::string text = std::to_string(total.fates[0].windows) + " windows of " + std::to_string(rule.samples())
        + " samples at " + decimal(rule.rateHz) + " Hz from " + std::to_string(cuts.size()) + " recordings, "
        + decimal(total.fates[0].seconds, 1) + " s\n";
    if (rows.size() > 1)
        text += table(rows);
    std::vector<std::vector<std::string>> dropped{{"dropped", "windows", "seconds that no other window covers"}};
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        if (total.fates[fate].windows > 0)
            dropped.push_back({std::string(windowFateName(static_cast<WindowFate>(fate))),
                               std::to_string(total.fates[fate].windows), decimal(total.fates[fate].seconds, 1)});
    }
    if (dropped.size() > 1)
        text += "\n" + table(dropped);
    for (const Cut &cut : cuts) {
        for (const std::string &refusal : cut.windows.refusals)
            text += cut.windows.recording + ": " + refusal + "\n";
    }
    return text;
}

int run(const Context &context, const Options &options)
{
    const fs::path path = options.specification;
    const WindowSpec spec = windowSpecFromJson(readJsonFile(path));
    ImportOptions import;
    import.profile = spec.profile;
    // A profile file lies beside the specification, as the recordings do.
    std::error_code ignored;
    if (const fs::path beside = fs::absolute(path).parent_path() / spec.profile;
        !spec.profile.empty() && fs::is_regular_file(beside, ignored))
        import.profile = beside.string();
    std::vector<RecordingWindows> windows;
    WindowPictures pictures;
    const auto cut = [&](Recording &recording) {
        const ChannelCoverage coverage
            = computeCoverage(recording, spec.rule.devices, spec.rule.joined, spec.rule.channels, context.cancel);
        RecordingWindows made = cutWindows(recording, coverage, spec.rule);
        if (!options.out.empty())
            pictures.add(recording, coverage, made, context.cancel);
        dropSamples(recording);
        // Last: what throws above makes the recording a failure, and the two lists must stay alike.
        windows.push_back(std::move(made));
    };
    const ImportOutcome outcome = readPaths(context, filesOf(spec, path), import, cut);
    if (outcome.recordings.empty())
        throw Error(failureSentence(outcome));
    std::vector<Cut> cuts;
    for (std::size_t index = 0; index < windows.size() && index < outcome.recordings.size(); ++index) {
        // Names were made unique only after all were read.
        windows[index].recording = outcome.recordings[index].name;
        cuts.push_back({std::move(windows[index]), SplitPart::train});
    }
    assignParts(spec, cuts);
    WindowCounts total;
    const std::vector<Line> lines = classLines(cuts, total);
    if (context.json)
        printJson(documentOf(cuts, spec.rule, lines, total, outcome.failures));
    else
        printText(textOf(cuts, spec.rule, lines, total));
    if (!options.out.empty())
        pictures.write(options.out);
    for (const ImportFailure &failure : outcome.failures)
        say(context, "kino: " + failure.message);
    return importStatus(outcome);
}

} // namespace

void addWindowsCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "windows", "Tell what a specification would train on: windows and bouts by class, subject and split",
        "kino windows spec.json --out pictures");
    command->add_option("SPEC.json", options->specification, "The specification; its \"data\" is read")->required();
    command->add_option("--out", options->out, "Folder for a picture of the first windows of each class");
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
