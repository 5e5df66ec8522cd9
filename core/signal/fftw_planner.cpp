#include "core/signal/fftw_planner.h"

#include "core/base/error.h"

#include <cstring>
#include <fftw3.h>
#include <map>
#include <new>
#include <tuple>

namespace kino {
namespace {

constexpr std::size_t kLongestMeasured = 16384;

using PlanKey = std::tuple<FftKind, std::size_t, std::size_t>;

std::map<PlanKey, fftwf_plan> &plans()
{
    // Never destroyed: a thread that outlives main() may still execute a plan.
    static auto *const kept = new std::map<PlanKey, fftwf_plan>;
    return *kept;
}

} // namespace

std::mutex &fftwPlannerMutex()
{
    static std::mutex mutex;
    return mutex;
}

void FftwDeleter::operator()(void *memory) const { fftwf_free(memory); }

FftwBuffer<float> makeFftwBuffer(std::size_t floats)
{
    FftwBuffer<float> buffer(fftwf_alloc_real(floats));
    if (!buffer)
        throw std::bad_alloc();
    std::memset(buffer.get(), 0, floats * sizeof(float));
    return buffer;
}

fftwf_plan_s *ensureFloatPlan(FftKind kind, std::size_t samples, std::size_t batch)
{
    const std::lock_guard lock(fftwPlannerMutex());
    fftwf_plan &plan = plans()[{kind, samples, batch}];
    if (plan)
        return plan;

    // Measuring overwrites its arrays, so the plan is made on arrays of its own and executed on the caller's.
    const std::size_t bins = samples / 2 + 1;
    const FftwBuffer<float> in = makeFftwBuffer(2 * samples * batch);
    const FftwBuffer<float> out = makeFftwBuffer(2 * (samples + 1) * batch);
    auto *const spectrum = reinterpret_cast<fftwf_complex *>(out.get());
    const int points = static_cast<int>(samples);
    const int count = static_cast<int>(batch);
    const unsigned effort = samples <= kLongestMeasured ? FFTW_MEASURE : FFTW_ESTIMATE;
    if (kind == FftKind::complexForward) {
        plan = fftwf_plan_many_dft(1, &points, count, reinterpret_cast<fftwf_complex *>(in.get()), nullptr, 1, points,
                                   spectrum, nullptr, 1, points, FFTW_FORWARD, effort);
    } else {
        plan = fftwf_plan_many_dft_r2c(1, &points, count, in.get(), nullptr, 1, points, spectrum, nullptr, 1,
                                       static_cast<int>(bins), effort);
    }
    if (!plan)
        throw Error("FFTW could not plan a transform of " + std::to_string(samples) +
                    " samples; choose another window length.");
    return plan;
}

} // namespace kino
