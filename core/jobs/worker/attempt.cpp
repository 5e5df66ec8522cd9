#include "core/jobs/worker/attempt.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/queue/project_recordings.h"
#include "core/jobs/queue/run_import.h"
#include "core/jobs/training/training_run.h"
#include "core/jobs/worker/environment.h"
#include "core/jobs/worker/heartbeat.h"
#include "core/jobs/worker/patience.h"
#include "core/store/jobs/metrics.h"
#include "core/store/window_cache.h"

#include <new>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** A run's numbers on their way to the project's database. */
class ProjectMetrics : public MetricSink {
public:
    ProjectMetrics(JobWork &work, JobId id, const WorkerOptions &options) : m_work(work), m_id(id), m_options(options), m_writer(work.store().folder(), id) {}

    void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value) override { m_writer.add(step, epoch, key, value); }
    nlohmann::json mark() override
    {
        return wait([this] {
            nlohmann::json mark = m_writer.mark();
            m_work.noteCheckpoint(m_id);
            return mark;
        });
    }
    void rewind(const nlohmann::json &mark) override
    {
        wait([&] { m_writer.rewind(mark); });
    }
    void flush()
    {
        wait([this] { m_writer.flush(Durability::full); });
    }

private:
    template <class Work>
    auto wait(const Work &work) -> decltype(work())
    {
        return patiently(work, m_options.stop, m_options.say);
    }

    JobWork &m_work;
    JobId m_id;
    const WorkerOptions &m_options;
    MetricWriter m_writer;
};

/** The specification of a run that begins: starting weights of another run become its file. */
Json resolved(const JobStore &store, Json specification)
{
    if (!specification.contains("encoder"))
        return specification;
    Json &encoder = specification.at("encoder");
    if (const Json weights = encoder.value("weights", Json()); weights.is_object() && weights.contains("run"))
        encoder["weights"] = (store.runFolder(weights.at("run").get<JobId>()) / "best.safetensors").string();
    return specification;
}

JobEnd endFor(StopReason reason)
{
    switch (reason) {
    case StopReason::cancel: return JobEnd::cancelled;
    case StopReason::pause: return JobEnd::paused;
    default: return JobEnd::released;
    }
}

class Attempt {
public:
    Attempt(JobWork &work, JobId id, const WorkerOptions &options)
        : m_work(work), m_id(id), m_options(options), m_folder(work.store().runFolder(id)), m_heartbeat(work.store().folder(), id, m_cancel, options.stop)
    {
    }

    JobState run()
    {
        JobWork::Ending ending = attempt();
        ending.workedSeconds = m_heartbeat.workedSeconds();
        ending.artifacts = findArtifacts(m_folder);
        return patiently([&] { return m_work.end(m_id, ending); }, m_options.stop, m_options.say);
    }

private:
    JobWork::Ending attempt()
    {
        try {
            Json result = Json::parse(train().dump());
            if (result.at("state") == "done")
                return {.end = JobEnd::done, .result = std::move(result)};
            return {.end = endFor(m_heartbeat.reason())};
        } catch (const Cancelled &) {
            return {.end = endFor(m_heartbeat.reason())};
        } catch (const Unavailable &error) {
            // Told to end while it waited for the database: the next worker goes on from the last checkpoint.
            return m_options.stop.isCancelled() ? JobWork::Ending{.end = JobEnd::released} : failed(error.what());
        } catch (const Error &error) {
            return failed(error.what());
        } catch (const std::bad_alloc &) {
            return failed("There is not enough memory for this; a smaller train.batch or fewer recordings need less.");
        } catch (const std::exception &error) {
            return failed(std::string("An unforeseen fault: ") + error.what() + "; please report it.");
        }
    }

    static JobWork::Ending failed(const std::string &sentence) { return {.end = JobEnd::failed, .error = sentence}; }

    nlohmann::ordered_json train()
    {
        const JobDetail detail = m_work.store().detail(m_id);
        if (detail.row.kind != "train")
            throw Error("A job of kind \"" + detail.row.kind + "\" cannot be done by this version; a newer one may.");
        fs::create_directories(m_folder);
        // A run goes on as it began, though a path may have been resolved otherwise since.
        std::error_code ignored;
        const bool goesOn = fs::exists(m_folder / "spec.json", ignored);
        const Json specification = goesOn ? readJsonFile(m_folder / "spec.json") : resolved(m_work.store(), detail.complete);
        ProjectMetrics metrics(m_work, m_id, m_options);
        TrainingRunOptions training;
        training.folder = m_folder;
        training.former = FormerRun::resume;
        training.foreign = ForeignFiles::allow;
        training.threads = goesOn ? 0 : m_options.threads; // its own: with others sums would differ
        training.cacheFolder = windowCacheFolder(m_work.store().folder());
        training.recordings = recordingsOfProject(m_work.store().folder(), m_folder);
        training.metrics = &metrics;
        training.cancel = m_cancel;
        training.progress = Progress([this](double, std::string_view what) { report(what); });
        training.onPulse = [this](const TrainingPulse &pulse) { m_pulse = pulse; };
        training.onBegin = [&](const Json &facts) {
            const auto tell = [&] {
                m_work.setFingerprint(m_id, facts.at("fingerprint").get<std::string>());
                m_work.setEnvironment(m_id, computingEnvironment(facts));
            };
            patiently(tell, m_options.stop, m_options.say);
        };
        training.say = [this](const std::string &sentence) { note(JobLogLevel::warning, sentence); };
        training.log = [this](const std::string &line) { note(JobLogLevel::info, line); };
        note(JobLogLevel::info, goesOn ? "Goes on." : "Begins.");
        nlohmann::ordered_json result = runTraining(specification, goesOn ? m_folder : fs::path(detail.folder), training);
        metrics.flush();
        return result;
    }

    /** The bar is that of the epochs which stand beside it; what comes before them has words alone. */
    void report(std::string_view what)
    {
        JobPulse pulse{.stage = std::string(what)};
        if (m_pulse) {
            pulse.progress = m_pulse->fraction;
            pulse.stage = "epoch " + std::to_string(m_pulse->epoch + 1) + " of " + std::to_string(m_pulse->epochs) + ", step " + std::to_string(m_pulse->step);
            pulse.ratePerSecond = m_pulse->windowsPerSecond;
            pulse.secondsLeft = m_pulse->secondsLeft;
        }
        m_heartbeat.setPulse(pulse);
    }

    /** A log line that cannot be written is no reason to lose a run. */
    void note(JobLogLevel level, const std::string &sentence)
    {
        try {
            m_work.addLog(m_id, level, sentence);
        } catch (const Error &) {
        }
        if (m_options.say && level != JobLogLevel::info)
            m_options.say("job " + std::to_string(m_id) + ": " + sentence);
    }

    JobWork &m_work;
    JobId m_id;
    const WorkerOptions &m_options;
    fs::path m_folder;
    CancelToken m_cancel;
    std::optional<TrainingPulse> m_pulse;
    Heartbeat m_heartbeat;
};

} // namespace

JobState attemptJob(JobWork &work, JobId id, const WorkerOptions &options) { return Attempt(work, id, options).run(); }

} // namespace kino
