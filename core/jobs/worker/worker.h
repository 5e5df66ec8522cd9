// The worker of a project: takes queued jobs one after another, in the calling thread, until there are none or it is stopped. One
// training slot: training uses all cores, so a second job beside it would only make both slower.
//
// A paused job gives up its memory and keeps its checkpoint, and the worker takes the next one: a person pauses to have the machine,
// or something else done first, and neither is served by a process that holds on to gigabytes and to the slot.
#pragma once

#include "core/base/cancel.h"

#include <filesystem>
#include <functional>
#include <string>

namespace kino {

struct WorkerOptions {
    std::filesystem::path project;
    /** Of computation, for jobs that begin; 0: as each specification says. One that goes on keeps its own unless this says otherwise,
     * and then fails: sums would differ. */
    std::size_t threads = 0;
    /** Without jobs for so long it ends. */
    double idleSeconds = 60;
    /** Asks it to end: the job at work finishes its step, writes its checkpoint and goes on with the next worker. */
    CancelToken stop;
    /** What a person who watches should know. May be empty. */
    std::function<void(const std::string &)> say;
};

struct WorkerReport {
    std::size_t done = 0;
    std::size_t failed = 0;
    /** Paused, cancelled, or given back when it was stopped. */
    std::size_t stopped = 0;
    bool wasStopped = false;
};

/** Throws Error where another worker is there, or where the project cannot be opened or written. */
WorkerReport runWorker(const WorkerOptions &options);

} // namespace kino
