#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/data/simulator/plan.h"
#include "core/data/simulator/simulator.h"

namespace kino::cli {
namespace {

std::string activityNames()
{
    std::string names;
    for (const SimulatedActivity activity : allSimulatedActivities())
        names += (names.empty() ? "" : ",") + std::string(simulatedActivityName(activity));
    return names;
}

} // namespace

void addSimulateCommand(Program &program)
{
    struct Options {
        SimulatorOptions simulator;
        std::string out, video = "640x360@30", activities;
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "simulate", "Make recordings whose truth is known: camera, sensors, labels, clocks",
        "kino simulate --out demo --subjects 2 --minutes 1 --seed 7");
    SimulatorOptions &simulator = options->simulator;
    command->add_option("--out", options->out, "Folder to be made; truth.json in it says everything")->required()->check(notEmpty());
    command->add_option("--subjects", simulator.subjects, "People, each with a gait of their own")
        ->check(wholeNumberFrom(1, 999))
        ->capture_default_str();
    command->add_option("--minutes", simulator.minutes, "Length of each recording")
        ->check(numberFrom(0, 1440, "a number of minutes"))
        ->capture_default_str();
    command->add_option("--seed", simulator.seed, "Equal seeds give equal files")
        ->check(wholeNumberFrom(0, std::numeric_limits<std::int64_t>::max()))
        ->capture_default_str();
    command->add_option("--rate", simulator.rateHz, "Samples a second")
        ->check(numberFrom(10, 10'000, "a rate in Hz"))
        ->capture_default_str();
    command->add_option("--video", options->video, "WIDTHxHEIGHT@RATE, or none")->check(notEmpty())->capture_default_str();
    command->add_option("--offset-s", simulator.offsetSeconds, "The video's first frame on the sensor's clock")
        ->check(numberFrom(-3600, 3600, "a number of seconds"))
        ->capture_default_str();
    command->add_option("--drift-ppm", simulator.driftPpm, "How much slower the video's clock runs")
        ->check(numberFrom(-10'000, 10'000, "a drift in ppm"))
        ->capture_default_str();
    command->add_option("--activities", options->activities, "Of " + activityNames() + "; all where left out")->check(notEmpty());
    program.onRun(command, [options, &context = program.context] {
        try {
            options->simulator.video = simulatedVideoFromText(options->video);
            if (!options->activities.empty())
                options->simulator.activities = simulatedActivitiesFromText(options->activities);
            simulator::checkOptions(options->simulator);
        } catch (const Error &error) {
            throw CLI::ValidationError(error.what());
        }
        ProgressBar bar(context);
        const nlohmann::json truth = simulate(options->simulator, options->out, context.cancel, bar.progress());
        // truth.json is the output either way: cli.md prints it.
        printJson(truth);
        return kDone;
    });
}

} // namespace kino::cli
