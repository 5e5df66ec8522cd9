// The states of a job (cli.md) and what leads from one to another: one table, pure. Any thread.
//
//   queued ─take─▶ running ─finish─▶ done          askPause ▶ halt:    running ─▶ paused ─resume─▶ queued
//                     │ ╲─fail─▶ failed              askCancel ▶ obey: running ─▶ cancelling ─stop─▶ cancelled
//                     ╰─lose─▶ interrupted ─resume─▶ queued
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace kino {

/**
 * paused: it keeps its checkpoint and no memory, so that the next job may have the machine. cancelling: the worker knows and
 * finishes the running step. interrupted: its worker died. Of these, of cancelled and of failed ones a checkpoint is kept where
 * there was one: all four go on from there when resumed.
 */
enum class JobState { queued, running, paused, cancelling, cancelled, interrupted, failed, done };

enum class JobEvent {
    // What a person or the policy decides.
    askCancel, // of a running one it is a request: obey follows
    askPause,  // of a running one it is a request: halt follows
    resume,
    // What a worker says.
    take,
    obey,    // the request to cancel was seen
    stop,    // the step is over, the checkpoint written: cancelled
    halt,    // the same for a pause
    release, // the worker itself was told to end: the job goes on with the next one
    finish,
    fail,
    /** Said of a job whose worker is gone. */
    lose
};

/** Where the event leads; nothing where it makes no sense in that state. */
std::optional<JobState> nextState(JobState state, JobEvent event);

std::string_view jobStateName(JobState state);
/** Nothing for a word that is none of them. */
std::optional<JobState> jobStateFromName(std::string_view name);
std::string_view jobEventName(JobEvent event);

std::span<const JobState> allJobStates();
std::span<const JobEvent> allJobEvents();

/** A worker has it: running, cancelling. */
bool isActive(JobState state);
/** It will not go on by itself: cancelled, failed, done. */
bool isOver(JobState state);

/** How many jobs are in each state, by its place in JobState. */
using JobCounts = std::size_t[8];
/** A study's state follows from its runs' alone: active ones first, then waiting ones, then what needs a person. */
JobState studyState(const JobCounts &runs);

} // namespace kino
