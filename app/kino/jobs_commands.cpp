// kino submit, jobs, cancel, pause, resume, retry: a project's queue. They need no LibTorch; `kino work` does the jobs.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/queue/submission.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/jobs/specification/specification.h"

#include <cmath>

namespace kino::cli {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json();
}

Json jobJson(const JobRow &job)
{
    return {{"id", job.id},
            {"name", job.name},
            {"kind", job.kind},
            {"state", jobStateName(job.state)},
            {"request", jobRequestName(job.request)},
            {"progress", job.progress},
            {"stage", job.stage},
            {"rate", orNull(job.ratePerSecond)},
            {"eta_s", orNull(job.secondsLeft)},
            {"error", orNull(job.error)},
            {"priority", job.priority},
            {"study", orNull(job.study)},
            {"attempts", job.attempts}};
}

struct SubmitArguments {
    std::string project, specification, name;
    std::vector<std::string> settings, tags;
    std::int64_t priority = 0;
};

int submit(const Context &context, const SubmitArguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    nlohmann::json specification = readJsonFile(arguments.specification);
    for (const std::string &setting : arguments.settings)
        applyOverride(specification, setting);
    const std::filesystem::path folder = std::filesystem::absolute(arguments.specification).parent_path();
    for (const Problem &problem : validateSpecification(specification, folder)) {
        if (problem.severity == ProblemSeverity::warning)
            say(context, "kino: " + arguments.specification + ": " + problem.text() + " (a warning)");
    }
    JobStore store(project.folder());
    const JobId id = submitSpecification(store, specification, folder, {.priority = arguments.priority, .name = arguments.name, .tags = arguments.tags});
    if (context.json)
        printJson({{"job", id}});
    else
        printText("job " + std::to_string(id) + (isWorkerThere(store.folder()) ? "\n" : "; `kino work " + arguments.project + "` does it\n"));
    return kDone;
}

void addSubmit(Program &program)
{
    const auto arguments = std::make_shared<SubmitArguments>();
    CLI::App *command = program.addCommand("submit", "Put a specification into a project's queue", "kino submit study.kino spec.json --priority 1");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("SPEC.json", arguments->specification, "The specification; of a study all its runs are queued")->required()->check(notEmpty());
    command->add_option("--priority", arguments->priority, "Greater goes first")->check(wholeNumberFrom(-1'000'000, 1'000'000));
    command->add_option("--name", arguments->name, "What the job is called, instead of what the specification says")->check(notEmpty());
    command->add_option("--tag", arguments->tags, "Tag to give it; as often as wanted")->take_all()->check(notEmpty());
    command->add_option("--set", arguments->settings, "path=JSON in the specification, such as data.split.by=subject; as often as wanted")->take_all();
    program.onRun(command, [arguments, &context = program.context] { return submit(context, *arguments); });
}

std::string timeLeft(const JobRow &job)
{
    if (!job.secondsLeft)
        return {};
    const double seconds = std::ceil(*job.secondsLeft);
    if (seconds < 120)
        return decimal(seconds, 0) + " s left";
    const double minutes = std::round(seconds / 60);
    return minutes < 120 ? decimal(minutes, 0) + " min left" : decimal(std::floor(minutes / 60), 0) + " h " + decimal(std::fmod(minutes, 60), 0) + " min left";
}

struct ListArguments {
    std::string project, afterCrash;
};

int jobs(const Context &context, const ListArguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    JobStore store(project.folder());
    if (!arguments.afterCrash.empty())
        store.setResumePolicy(*resumePolicyFromName(arguments.afterCrash));
    std::vector<JobRow> all = store.jobs();
    std::ranges::reverse(all);
    if (context.json) {
        Json list = Json::array();
        for (const JobRow &job : all)
            list.push_back(jobJson(job));
        printJson({{"jobs", std::move(list)}, {"worker", orNull(workerProcess(store.folder()))}, {"after_crash", resumePolicyName(store.resumePolicy())}});
        return kDone;
    }
    std::vector<std::vector<std::string>> rows{{"id", "state", "progress", "name", "stage"}};
    for (const JobRow &job : all) {
        const std::string stage = job.error ? *job.error : job.stage + (job.secondsLeft ? ", " + timeLeft(job) : "");
        const std::string asked = job.state == JobState::running && job.request == JobRequest::pause ? ", pausing" : job.state == JobState::running && job.request == JobRequest::cancel ? ", to be cancelled" : "";
        rows.push_back({std::to_string(job.id), std::string(jobStateName(job.state)) + asked, decimal(100 * job.progress, 0) + " %", job.name, stage});
    }
    printText(rows.size() > 1 ? table(rows) : "no jobs yet; add one with `kino submit`\n");
    return kDone;
}

struct JobArguments {
    std::string project;
    JobId job = 0;
};

/** A command about one job; `act` gives its id and what to say of it. */
void addAction(Program &program, const std::string &name, const std::string &about, const std::function<JobId(JobStore &, JobId)> &act)
{
    const auto arguments = std::make_shared<JobArguments>();
    CLI::App *command = program.addCommand(name, about, "kino " + name + " study.kino 7");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("JOB", arguments->job, "Its number, as `kino jobs` lists it")->required()->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    program.onRun(command, [arguments, act, &context = program.context] {
        const Project project = openProject(context, arguments->project);
        settleAbandonedJobs(project.folder());
        JobStore store(project.folder());
        const JobRow job = store.row(act(store, arguments->job));
        const bool isAsked = job.request != JobRequest::none;
        if (context.json)
            printJson({{"job", job.id}, {"state", jobStateName(job.state)}, {"request", jobRequestName(job.request)}});
        else
            printText("job " + std::to_string(job.id) + " is " + std::string(jobStateName(job.state))
                      + (isAsked ? "; asked to " + std::string(jobRequestName(job.request)) + ", it finishes its step" : "") + "\n");
        return kDone;
    });
}

} // namespace

void addJobCommands(Program &program)
{
    addSubmit(program);
    const auto arguments = std::make_shared<ListArguments>();
    CLI::App *command = program.addCommand("jobs", "List a project's jobs, and how far they are", "kino jobs study.kino --json");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("--after-crash", arguments->afterCrash, "Set what becomes of a job whose worker died: always goes on, ask or never waits for `kino resume`")
        ->check(oneOf({"always", "ask", "never"}));
    program.onRun(command, [arguments, &context = program.context] { return jobs(context, *arguments); });
    addAction(program, "cancel", "Stop a job after its running step; its checkpoint is kept", [](JobStore &store, JobId job) { return store.cancel(job), job; });
    addAction(program, "pause", "Stop a job after its running step, to go on later; the next one begins", [](JobStore &store, JobId job) { return store.pause(job), job; });
    addAction(program, "resume", "Go on with a paused, interrupted, cancelled or failed job, from its checkpoint", [](JobStore &store, JobId job) { return store.resume(job), job; });
    addAction(program, "retry", "Queue a new job of the same specification", [](JobStore &store, JobId job) { return store.retry(job); });
}

} // namespace kino::cli
