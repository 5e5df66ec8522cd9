// FFTW's planner is the one part of FFTW that is not thread-safe: every plan of this program is made and every piece of
// wisdom is moved under the lock below. Executing a finished plan on arrays of one's own needs no lock.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

struct fftwf_plan_s;

namespace kino {

/** Held around any call that creates or destroys a plan or touches wisdom, in single and in double precision. */
std::mutex &fftwPlannerMutex();

struct FftwDeleter {
    void operator()(void *memory) const;
};

/** Memory aligned as FFTW's vector instructions want it. Contents are zero. */
template <class T>
using FftwBuffer = std::unique_ptr<T[], FftwDeleter>;
FftwBuffer<float> makeFftwBuffer(std::size_t floats);

enum class FftKind {
    /** `samples` complex in, `samples` complex out, forward, not normalised. */
    complexForward,
    /** `samples` real in, samples / 2 + 1 complex out. */
    realForward,
};

/**
 * The plan for `batch` contiguous single-precision transforms of `samples` points each, out of place, for arrays of
 * makeFftwBuffer(). Made at the first asking, kept until the program ends; safe to execute from any thread. Measured
 * (milliseconds, so never on the GUI thread) up to 16384 points, estimated above, where measuring takes seconds.
 */
fftwf_plan_s *ensureFloatPlan(FftKind kind, std::size_t samples, std::size_t batch);

} // namespace kino
