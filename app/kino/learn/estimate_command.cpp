// kino estimate: what a specification would cost, from a short probe.
#include "app/kino/learn/learn_command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/training/estimate.h"

#include <iostream>
#include <unistd.h>

namespace kino::cli {
namespace {

/** As a worker: what is measured is what it will have. */
constexpr int kNiceness = 5;

struct Options {
    std::string specification, folder, project;
    std::vector<std::string> settings;
    std::size_t threads = 0;
    double seconds = 4;
    bool tellsProgress = false;
};

double at(const nlohmann::ordered_json &value, const char *group, const char *key) { return value.at(group).at(key).get<double>(); }

/** "4 min 10 s": two units, rounded to the smaller. */
std::string duration(double seconds)
{
    if (seconds < 10)
        return decimal(seconds, 1) + " s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60)
        return std::to_string(whole) + " s";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    if (whole < 48 * 3600)
        return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
    return std::to_string(whole / 86400) + " days " + std::to_string(whole % 86400 / 3600) + " h";
}

std::string size(double bytes)
{
    static constexpr const char *kUnits[] = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < std::size(kUnits); ++unit)
        bytes /= 1000;
    return decimal(bytes, unit == 0 || bytes >= 99.5 ? 0 : 1) + " " + kUnits[unit];
}

std::string range(const nlohmann::ordered_json &estimate)
{
    return duration(at(estimate, "seconds", "all")) + " (" + duration(at(estimate, "seconds", "low")) + " to " + duration(at(estimate, "seconds", "high")) + ")";
}

std::string textOfRun(const nlohmann::ordered_json &run)
{
    const auto number = [&run](const char *group, const char *key) { return decimal(at(run, group, key), 0); };
    const auto milliseconds = [&run](const char *key) { return decimal(1000 * at(run, "step_seconds", key), 1); };
    return table({{"windows", number("windows", "train") + " train, " + number("windows", "validation") + " validate, " + number("windows", "test") + " test"},
                  {"parameters", number("parameters", "all") + ", " + number("parameters", "trained") + " of them trained"},
                  {"steps", number("steps", "all") + " in " + number("steps", "epochs") + " epochs, " + number("steps", "first_epoch") + " in the first"},
                  {"a step", milliseconds("median") + " ms (" + milliseconds("low") + " to " + milliseconds("high") + "; " + number("step_seconds", "timed") + " timed after "
                                 + number("step_seconds", "warm_up") + " to warm up, " + decimal(run.at("threads").get<double>(), 0) + " threads, " + run.at("device").get<std::string>() + ")"},
                  {"time", range(run) + ": " + duration(at(run, "seconds", "loading")) + " loading, " + duration(at(run, "seconds", "training")) + " training, "
                               + duration(at(run, "seconds", "evaluation")) + " judging"},
                  {"memory", size(at(run, "memory", "peak_bytes")) + " at most; data " + size(at(run, "memory", "data_bytes")) + ", weights " + size(at(run, "memory", "weights_bytes"))
                                 + ", gradients " + size(at(run, "memory", "gradient_bytes")) + ", optimizer " + size(at(run, "memory", "optimizer_bytes"))},
                  {"disk", size(at(run, "disk", "most_bytes")) + " at most; a checkpoint " + size(at(run, "disk", "checkpoint_bytes")) + ", weights twice "
                               + size(at(run, "disk", "weights_bytes"))}});
}

std::string textOf(const nlohmann::ordered_json &estimate)
{
    std::string text;
    if (estimate.at("kind") == "study") {
        for (const nlohmann::ordered_json &probe : estimate.at("probes")) {
            const std::string name = probe.at("name").get<std::string>();
            text += (name.empty() ? "each run" : name) + " (" + decimal(probe.at("runs").get<double>(), 0) + " runs)\n" + textOfRun(probe);
            for (const nlohmann::ordered_json &note : probe.at("notes"))
                text += note.get<std::string>() + "\n";
            text += "\n";
        }
        text += decimal(estimate.at("runs").get<double>(), 0) + " runs one after another: " + range(estimate) + ", memory " + size(at(estimate, "memory", "peak_bytes")) + " at most, disk "
            + size(at(estimate, "disk", "most_bytes")) + "\n";
    } else {
        text += textOfRun(estimate);
    }
    for (const nlohmann::ordered_json &note : estimate.at("notes"))
        text += note.get<std::string>() + "\n";
    return text;
}

int run(const Context &context, const Options &options)
{
    if (nice(kNiceness) == -1)
        say(context, "kino: could not step back behind other programs; the times are those of a program that did not");
    const std::filesystem::path path = options.specification;
    nlohmann::json specification = readJsonFile(path);
    for (const std::string &setting : options.settings)
        applyOverride(specification, setting);
    EstimateOptions estimate;
    estimate.project = options.project;
    estimate.threads = options.threads;
    estimate.probeSeconds = options.seconds;
    estimate.cancel = context.cancel;
    nlohmann::ordered_json result;
    {
        ProgressBar bar(context);
        estimate.progress = options.tellsProgress ? Progress([](double fraction, std::string_view what) { std::cerr << decimal(fraction, 3) << ' ' << what << std::endl; }) : bar.progress();
        const std::filesystem::path folder = options.folder.empty() ? std::filesystem::absolute(path).parent_path() : std::filesystem::absolute(options.folder);
        result = estimateJob(specification, folder, estimate);
    }
    if (!options.project.empty() && isWorkerThere(options.project))
        result.at("notes").push_back("A worker is at the project: if it trained meanwhile, steps will be quicker than these.");
    if (context.json)
        printJson(result);
    else
        printText(textOf(result));
    return kDone;
}

} // namespace

void addEstimateCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("estimate", "Tell what a specification would cost: steps, time, memory, disk; a few real steps are made, and nothing is written",
                                           "kino estimate spec.json --project study.kino --set train.batch=256");
    command->add_option("SPEC.json", options->specification, "The specification of a run or of a study")->required()->check(notEmpty());
    command->add_option("--project", options->project, "Whose recordings and runs it may name")->check(notEmpty());
    command->add_option("--folder", options->folder, "That its relative paths count from, instead of its own")->check(notEmpty());
    command->add_option("--set", options->settings, "path=JSON in the specification, such as data.split.by=subject; as often as wanted")->take_all();
    command->add_option("--threads", options->threads, "For computing; without it as a worker takes them")->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
    command->add_option("--seconds", options->seconds, "For the timed steps of each run that is tried")->check(numberFrom(0.1, 3600, "a number of seconds from 0.1"));
    command->add_flag("--tell-progress", options->tellsProgress, "Tell how far it is in lines on stderr: from 0 to 1, and what is done");
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
