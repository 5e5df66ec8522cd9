// What a project knows of a job. One job is one run with one id: what it was asked, how it goes, what came of it. Values.
#pragma once

#include "core/base/time.h"
#include "core/store/jobs/state.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kino {

using JobId = std::int64_t;

/** What a person wants of a job that a worker has. */
enum class JobRequest { none, cancel, pause };
std::string_view jobRequestName(JobRequest request);

/** Counted up whenever a row of jobs changes; a reader keeps the greatest that it has seen. */
using JobRevision = std::int64_t;

/** A job in lists: queue, run table, studies. */
struct JobRow {
    JobId id = 0;
    std::string name;
    /** "train", "study"; others will follow. */
    std::string kind;
    JobState state = JobState::queued;
    /** Not yet obeyed. With running and pause: "pausing". */
    JobRequest request = JobRequest::none;
    /** Greater goes first; then the lower place in the queue. */
    std::int64_t priority = 0;
    std::int64_t place = 0;
    /** 0 to 1; of a study the mean over its runs. */
    double progress = 0;
    /** "epoch 9 of 20"; of a queued one what it waits for; empty where there is nothing to say. */
    std::string stage;
    /** Windows in a second; nothing before it is known, and where nothing runs. */
    std::optional<double> ratePerSecond;
    std::optional<double> secondsLeft;
    /** The sentence of a failed one; of an interrupted one why. */
    std::optional<std::string> error;
    Nanos createdAtNs = 0; // since 1970 UTC, as all that end on AtNs
    std::optional<Nanos> startedAtNs; // the first time
    std::optional<Nanos> finishedAtNs; // while it is over
    /** The last sign of life of its worker, while it has one. */
    std::optional<Nanos> heartbeatAtNs;
    /** Of all attempts together. */
    double workedSeconds = 0;
    std::int64_t attempts = 0;
    std::optional<std::int64_t> seed;
    std::optional<std::string> fingerprint; // of the data, once they were read
    /** Of a run of a study: the study, which cell ("mw2, simclr") by place, which fold. */
    std::optional<JobId> study;
    std::optional<std::int64_t> cell;
    std::string cellName;
    std::optional<std::int64_t> fold;
    bool isStarred = false;
    std::optional<Nanos> deletedAtNs;
    std::string notes;
    std::vector<std::string> tags; // sorted
    JobRevision revision = 0;
    /** Changes whenever metrics were dropped (a run that goes on from a checkpoint): curves are to be read anew. */
    std::int64_t metricsGeneration = 0;
};

/** What a person can ask of it now: what its state allows, less what it is or was asked for already. */
bool mayPause(const JobRow &job);
/** Of a running one: to take the pause back that it was asked for. */
bool mayResume(const JobRow &job);
bool mayCancel(const JobRow &job);

/** How a job came from another. */
enum class Lineage {
    weights, // the child's encoder began with the parent's best weights
    study,   // the child is a run of the parent
    clone    // the child was made from the parent's specification: retried, or with changes
};
std::string_view lineageName(Lineage lineage);

struct JobRelative {
    JobId id = 0;
    Lineage role = Lineage::weights;
    std::string name;
    std::string kind;
    JobState state = JobState::queued;
};

/** A file of a run. */
struct JobArtifact {
    std::string name; // "best weights", "confusion"
    /** Counts from the run's folder. */
    std::string path;
    std::uint64_t bytes = 0;
    Nanos madeAtNs = 0;
    friend bool operator==(const JobArtifact &, const JobArtifact &) = default;
};

enum class JobLogLevel { info, warning, error };
struct JobLogLine {
    /** Counted up for each job. */
    std::int64_t number = 0;
    Nanos atNs = 0;
    JobLogLevel level = JobLogLevel::info;
    std::string text;
};

/** Everything about one. */
struct JobDetail {
    JobRow row;
    /** As it was given, and with every default written. */
    nlohmann::json specification, complete;
    /** That relative paths in it count from. */
    std::string folder;
    /** Program version, LibTorch, threads, CPU, device: of the last attempt. Null before the first. */
    nlohmann::json environment;
    /** result.json of a run (cli.md, `kino train`); the summary of a study. Null before there is any. */
    nlohmann::json result;
    std::vector<JobRelative> parents, children;
    std::vector<JobArtifact> artifacts;
};

/** Where a job stands in the queue. */
struct QueuePlace {
    JobId id = 0;
    std::int64_t priority = 0;
    std::int64_t place = 0;
    friend bool operator==(const QueuePlace &, const QueuePlace &) = default;
};

/** What is submitted. */
struct NewJob {
    std::string name = {};
    std::string kind = "train";
    /** As it was given, and as completeSpecification() makes it. */
    nlohmann::json specification = {};
    nlohmann::json complete = {};
    /** That relative paths in it count from. */
    std::string folder = {};
    std::int64_t priority = 0;
    std::optional<std::int64_t> seed = {};
    std::optional<JobId> study = {};
    std::optional<std::int64_t> cell = {};
    std::string cellName = {};
    std::optional<std::int64_t> fold = {};
    std::vector<std::pair<JobId, Lineage>> parents = {};
    std::vector<std::string> tags = {};
};

} // namespace kino
