// Which windows form which batch of an epoch: a pure function of rows, options, seed and epoch, so that a run that goes on from a
// checkpoint needs its position only. Any thread.
#pragma once

#include "core/data/dataset/window_table.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kino {

enum class ClassBalance {
    /** Each window once an epoch. */
    none,
    /**
     * Each class equally likely. An epoch has as many places as there are labelled windows, count; each of K classes gets
     * floor(count / K) of them, and chosen by lot, anew each epoch, count mod K classes one more. A class goes through all its
     * windows in random order before one comes again. Windows without a label are left out.
     */
    equal
};

/** What becomes of batches that are not full. */
enum class IncompleteBatches { keep, drop };

/** Whether windows of one recording that share an instant, on whatever device, may meet in one batch. */
enum class TimeOverlap { allow, avoid };

struct BatchOptions {
    std::size_t batch = 64; // windows; 1 or more
    ClassBalance balance = ClassBalance::none;
    IncompleteBatches incomplete = IncompleteBatches::keep;
    TimeOverlap overlap = TimeOverlap::allow;
};

/** Batches in the order in which they are trained. */
struct BatchPlan {
    /** Rows of the table, batch by batch. */
    std::vector<std::uint32_t> rows;
    /** Where each batch begins in `rows`, and at last the end: one more than there are batches. */
    std::vector<std::size_t> begins{0};
    /** Rows that incomplete batches held, where those are dropped. */
    std::size_t dropped = 0;

    std::size_t batches() const { return begins.size() - 1; }
    std::span<const std::uint32_t> batch(std::size_t number) const
    {
        return std::span(rows).subspan(begins[number], begins[number + 1] - begins[number]);
    }
    friend bool operator==(const BatchPlan &, const BatchPlan &) = default;
};

/**
 * Shuffled by RandomStream(seed) and the epoch. With TimeOverlap::avoid a window that would meet one it overlaps goes to the next
 * batch that has room and none such; those that find none at the end change places with a window of an earlier batch where
 * that can be, else they form further, smaller batches at the end (dropped with IncompleteBatches::drop): of 100 windows
 * that all overlap, each is a batch of its own. All windows come, each once (ClassBalance::none), whatever else.
 * Expected time is proportional to the count of rows; at most a few hundred tries a window.
 * `rows` are places in table.rows, such as table.rowsOf(SplitPart::train). Throws Error for a batch of 0.
 */
BatchPlan planEpoch(const WindowTable &table, std::span<const std::uint32_t> rows, const BatchOptions &options, std::uint64_t seed,
                    std::uint64_t epoch);

/** In the rows' own order, the last batch as it comes: for validation and test. */
BatchPlan planInOrder(std::span<const std::uint32_t> rows, std::size_t batch);

} // namespace kino
