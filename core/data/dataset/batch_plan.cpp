#include "core/data/dataset/batch_plan.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <algorithm>
#include <unordered_map>

namespace kino {
namespace {

/** Names this use of the seed, apart from augmentation and others. */
constexpr std::uint64_t kPlanStream = 0x62617463682d706cULL;
/** Beyond so many batches with an overlapping window, or so many candidates to change places with, a window waits. */
constexpr std::size_t kMostTries = 256;

std::vector<std::uint32_t> balanced(const WindowTable &table, std::span<const std::uint32_t> rows, RandomStream &random)
{
    std::vector<std::vector<std::uint32_t>> byClass(table.classes.size());
    std::size_t count = 0;
    for (const std::uint32_t row : rows) {
        if (const std::int32_t label = table.rows[row].label; label >= 0) {
            byClass[static_cast<std::size_t>(label)].push_back(row);
            ++count;
        }
    }
    std::erase_if(byClass, [](const auto &ofClass) { return ofClass.empty(); });
    std::vector<std::size_t> order(byClass.size());
    for (std::size_t index = 0; index < order.size(); ++index)
        order[index] = index;
    random.shuffle(std::span(order));
    std::vector<std::uint32_t> chosen;
    chosen.reserve(count);
    for (std::size_t index = 0; index < order.size(); ++index) {
        std::vector<std::uint32_t> &ofClass = byClass[order[index]];
        const std::size_t share = count / order.size() + (index < count % order.size() ? 1 : 0);
        for (std::size_t taken = 0; taken < share; ++taken) {
            if (taken % ofClass.size() == 0)
                random.shuffle(std::span(ofClass));
            chosen.push_back(ofClass[taken % ofClass.size()]);
        }
    }
    return chosen;
}

/**
 * Batches in which no two windows of a recording overlap. In time, a batch holds at most one start of a recording in each stretch
 * of a window's length, so that three look-ups tell whether a window fits.
 */
class ApartBatches {
public:
    ApartBatches(const WindowTable &table, std::size_t capacity, std::size_t windows) : m_table(table), m_capacity(capacity)
    {
        m_batches.resize((windows + capacity - 1) / capacity);
        m_nextWithRoom.resize(m_batches.size() + 1);
        for (std::size_t batch = 0; batch < m_nextWithRoom.size(); ++batch)
            m_nextWithRoom[batch] = batch;
        m_lastCapacity = windows == 0 ? capacity : windows - (m_batches.size() - 1) * capacity;
        m_starts.reserve(windows);
    }

    /** Into the first batch from `from` on that has room for it; whether there was one. */
    bool place(std::uint32_t row)
    {
        std::size_t batch = withRoom(0);
        for (std::size_t tries = 0; batch < m_batches.size() && tries < kMostTries; ++tries) {
            if (fits(batch, row)) {
                insert(batch, row);
                return true;
            }
            batch = withRoom(batch + 1);
        }
        return false;
    }

    /** Into a batch with room, in exchange with a window elsewhere that may go there; whether that could be. */
    bool placeByExchange(std::uint32_t row, RandomStream &random)
    {
        const std::size_t open = withRoom(0);
        if (open >= m_batches.size())
            return false;
        for (std::size_t tries = 0; tries < kMostTries; ++tries) {
            const std::size_t other = random.below(m_batches.size());
            if (other == open || m_batches[other].empty())
                continue;
            const std::size_t place = random.below(m_batches[other].size());
            const std::uint32_t moved = m_batches[other][place];
            if (!fits(open, moved))
                continue;
            remove(other, place);
            if (fits(other, row)) {
                insert(other, row);
                insert(open, moved);
                return true;
            }
            insert(other, moved);
        }
        return false;
    }

    /** Further batches at the end, each as full as may be. */
    void placeInFurther(std::span<const std::uint32_t> rows)
    {
        const std::size_t first = m_batches.size();
        for (const std::uint32_t row : rows) {
            std::size_t batch = std::max(first, m_batches.size() > first + kMostTries ? m_batches.size() - kMostTries : first);
            while (batch < m_batches.size() && (m_batches[batch].size() >= m_capacity || !fits(batch, row)))
                ++batch;
            if (batch == m_batches.size())
                m_batches.emplace_back();
            m_starts.emplace(keyOf(batch, row, 0), m_table.rows[row].start.ns);
            m_batches[batch].push_back(row);
        }
    }

    const std::vector<std::vector<std::uint32_t>> &batches() const { return m_batches; }

private:
    struct Key {
        std::uint64_t batch = 0;
        std::uint32_t recording = 0;
        Nanos stretch = 0;
        friend bool operator==(const Key &, const Key &) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key &key) const
        {
            std::uint64_t mixed = key.batch * 0x9e3779b97f4a7c15ULL ^ (std::uint64_t{key.recording} << 32);
            mixed = (mixed ^ static_cast<std::uint64_t>(key.stretch)) * 0xbf58476d1ce4e5b9ULL;
            return static_cast<std::size_t>(mixed ^ (mixed >> 29));
        }
    };

    Key keyOf(std::size_t batch, std::uint32_t row, Nanos step) const
    {
        const WindowRow &window = m_table.rows[row];
        const Nanos length = std::max<Nanos>(1, m_table.lengthNs);
        // Rounded down, also before zero.
        const Nanos stretch = window.start.ns / length - (window.start.ns % length < 0 ? 1 : 0);
        return {batch, window.recording, stretch + step};
    }

    bool fits(std::size_t batch, std::uint32_t row) const
    {
        const Nanos start = m_table.rows[row].start.ns;
        for (const Nanos step : {-1, 0, 1}) {
            const auto found = m_starts.find(keyOf(batch, row, step));
            if (found != m_starts.end() && (step == 0 || std::abs(found->second - start) < m_table.lengthNs))
                return false;
        }
        return true;
    }

    std::size_t capacityOf(std::size_t batch) const { return batch + 1 == m_batches.size() ? m_lastCapacity : m_capacity; }

    /** Union-find with path halving: full batches are passed over in constant time. */
    std::size_t withRoom(std::size_t batch)
    {
        while (m_nextWithRoom[batch] != batch) {
            m_nextWithRoom[batch] = m_nextWithRoom[m_nextWithRoom[batch]];
            batch = m_nextWithRoom[batch];
        }
        return batch;
    }

    void insert(std::size_t batch, std::uint32_t row)
    {
        m_starts.emplace(keyOf(batch, row, 0), m_table.rows[row].start.ns);
        m_batches[batch].push_back(row);
        if (m_batches[batch].size() >= capacityOf(batch))
            m_nextWithRoom[batch] = batch + 1;
    }

    /** For an exchange only: the batch counts as full until another window takes the place. */
    void remove(std::size_t batch, std::size_t place)
    {
        m_starts.erase(keyOf(batch, m_batches[batch][place], 0));
        std::swap(m_batches[batch][place], m_batches[batch].back());
        m_batches[batch].pop_back();
    }

    const WindowTable &m_table;
    std::size_t m_capacity;
    std::size_t m_lastCapacity = 0;
    std::vector<std::vector<std::uint32_t>> m_batches;
    std::vector<std::size_t> m_nextWithRoom;
    std::unordered_map<Key, Nanos, KeyHash> m_starts;
};

void append(BatchPlan &plan, std::span<const std::uint32_t> batch, const BatchOptions &options)
{
    if (batch.empty())
        return;
    if (batch.size() < options.batch && options.incomplete == IncompleteBatches::drop) {
        plan.dropped += batch.size();
        return;
    }
    plan.rows.insert(plan.rows.end(), batch.begin(), batch.end());
    plan.begins.push_back(plan.rows.size());
}

void requireBatch(std::size_t batch)
{
    if (batch == 0)
        throw Error("a batch must hold at least one window");
}

} // namespace

BatchPlan planEpoch(const WindowTable &table, std::span<const std::uint32_t> rows, const BatchOptions &options, std::uint64_t seed,
                    std::uint64_t epoch)
{
    requireBatch(options.batch);
    RandomStream random = RandomStream(seed).split(kPlanStream).split(epoch);
    std::vector<std::uint32_t> order = options.balance == ClassBalance::equal ? balanced(table, rows, random)
                                                                             : std::vector<std::uint32_t>(rows.begin(), rows.end());
    random.shuffle(std::span(order));
    BatchPlan plan;
    plan.rows.reserve(order.size());
    if (options.overlap == TimeOverlap::allow) {
        for (std::size_t first = 0; first < order.size(); first += options.batch)
            append(plan, std::span(order).subspan(first, std::min(options.batch, order.size() - first)), options);
        return plan;
    }
    ApartBatches batches(table, options.batch, order.size());
    std::vector<std::uint32_t> left;
    for (const std::uint32_t row : order) {
        if (!batches.place(row))
            left.push_back(row);
    }
    std::vector<std::uint32_t> further;
    for (const std::uint32_t row : left) {
        if (!batches.placeByExchange(row, random))
            further.push_back(row);
    }
    batches.placeInFurther(further);
    for (const std::vector<std::uint32_t> &batch : batches.batches())
        append(plan, batch, options);
    return plan;
}

BatchPlan planInOrder(std::span<const std::uint32_t> rows, std::size_t batch)
{
    requireBatch(batch);
    BatchPlan plan;
    for (std::size_t first = 0; first < rows.size(); first += batch)
        append(plan, rows.subspan(first, std::min(batch, rows.size() - first)), {.batch = batch});
    return plan;
}

} // namespace kino
