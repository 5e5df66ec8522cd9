// kino train: one run of a specification, in a folder.
#include "app/kino/learn/learn_command.h"
#include "app/kino/option_checks.h"
#include "core/base/files.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/training/training_run.h"

namespace kino::cli {
namespace {

struct Options {
    std::string specification, out;
    std::vector<std::string> settings;
    std::size_t threads = 0;
    bool isResuming = false;
    bool takesOtherThreads = false;
};

std::string figure(const nlohmann::ordered_json &value) { return value.is_number() ? decimal(value.get<double>(), 4) : "-"; }

std::string textOf(const nlohmann::ordered_json &result, const std::string &folder)
{
    std::string text = result.at("state") == "done" ? "done" : "stopped; --resume goes on from here";
    text += ": " + std::to_string(result.at("steps").get<std::int64_t>()) + " steps in " + decimal(result.at("seconds").get<double>(), 1) + " s, in " + folder + "\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto &[key, value] : result.at("metrics").items())
        rows.push_back({key, figure(value)});
    text += table(rows);
    if (result.at("per_subject").empty())
        return text;
    std::vector<std::vector<std::string>> subjects{{"subject", "windows", "accuracy", "macro-F1"}};
    for (const auto &[subject, figures] : result.at("per_subject").items())
        subjects.push_back({subject.empty() ? "-" : subject, std::to_string(figures.at("windows").get<std::size_t>()), figure(figures.at("accuracy")), figure(figures.at("macro_f1"))});
    return text + "\n" + table(subjects);
}

int run(const Context &context, const Options &options)
{
    const std::filesystem::path path = options.specification;
    nlohmann::json specification = readJsonFile(path);
    for (const std::string &setting : options.settings)
        applyOverride(specification, setting);
    TrainingRunOptions training;
    training.folder = options.out.empty() ? path.stem().string() + ".run" : options.out;
    training.former = options.isResuming ? FormerRun::resume : FormerRun::refuse;
    training.otherThreads = options.takesOtherThreads ? OtherThreads::allow : OtherThreads::refuse;
    training.threads = options.threads;
    training.cancel = context.cancel;
    training.say = [&context](const std::string &sentence) { say(context, "kino: " + sentence); };
    nlohmann::ordered_json result;
    {
        ProgressBar bar(context);
        training.progress = bar.progress();
        result = runTraining(specification, std::filesystem::absolute(path).parent_path(), training);
    }
    if (context.json)
        printJson(result);
    else
        printText(textOf(result, training.folder.string()));
    if (result.at("state") == "cancelled")
        return kInterrupted;
    return result.at("errors").empty() ? kDone : kSomeFailed;
}

} // namespace

void addTrainCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("train", "Train what a specification says, and test it", "kino train spec.json --out run --set train.epochs=5");
    command->add_option("SPEC.json", options->specification, "The specification; `kino validate` says whether it is sound")->required()->check(notEmpty());
    command->add_option("--out", options->out, "Folder of the run; without it the specification's name with .run, here")->check(notEmpty());
    command->add_flag("--resume", options->isResuming, "Go on with the run in the folder from its last checkpoint");
    command->add_option("--set", options->settings, "path=JSON in the specification, such as data.split.by=subject; as often as wanted")->take_all();
    command->add_option("--threads", options->threads, "For computing; without it all cores")->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
    command->add_flag("--other-threads", options->takesOtherThreads, "Go on though the run began with another number of threads: sums differ in the last digits");
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
