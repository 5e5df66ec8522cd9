// kino work: the worker of a project.
#include "app/kino/learn/learn_command.h"
#include "app/kino/option_checks.h"
#include "core/jobs/worker/worker.h"

#include <unistd.h>

namespace kino::cli {
namespace {

/** The window beside it and all else come first. */
constexpr int kNiceness = 5;

struct Options {
    std::string project;
    std::size_t threads = 0;
    double idleSeconds = 60;
    bool isOnce = false;
};

int run(const Context &context, const Options &options)
{
    if (nice(kNiceness) == -1)
        say(context, "kino: could not step back behind other programs; it works all the same");
    WorkerOptions worker;
    worker.project = options.project;
    worker.threads = options.threads;
    worker.idleSeconds = options.isOnce ? 0 : options.idleSeconds;
    worker.stop = context.cancel;
    worker.say = [&context](const std::string &sentence) { say(context, "kino: " + sentence); };
    const WorkerReport report = runWorker(worker);
    if (context.json)
        printJson({{"done", report.done}, {"failed", report.failed}, {"stopped", report.stopped}});
    else
        printText(std::to_string(report.done) + " done, " + std::to_string(report.failed) + " failed, " + std::to_string(report.stopped) + " stopped\n");
    if (report.wasStopped)
        return kInterrupted;
    return report.failed == 0 ? kDone : report.done == 0 && report.stopped == 0 ? kNothingDone : kSomeFailed;
}

} // namespace

void addWorkCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("work", "Do the jobs of a project's queue, one after another", "kino work study.kino --once");
    command->add_option("P.kino", options->project, "The project")->required()->check(notEmpty());
    command->add_flag("--once", options->isOnce, "End as soon as no job is ready, instead of waiting a while for more");
    command->add_option("--idle", options->idleSeconds, "Seconds without a job after which it ends")->check(numberFrom(0, 1e7, "a number of seconds"));
    command->add_option("--threads", options->threads, "For computing; without it as each specification says, or all cores")->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
