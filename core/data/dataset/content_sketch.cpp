#include "core/data/dataset/content_sketch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace kino {
namespace {

constexpr std::size_t kValuesPerRun = 72;
constexpr std::size_t kLeastChanges = 24;
constexpr std::size_t kMostRepeats = 4;
constexpr std::size_t kLeastMarksKept = 4096;
constexpr std::size_t kRowsPerMark = 32;
constexpr std::size_t kLeastMarksInCommon = 6;
constexpr double kFineGrains = 16; // in a coarse one
/** Odd, so that no row is lost modulo 2^64. */
constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ULL;

std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

/** No round number: values with few digits must not lie on the borders between grains. 0 for what is not compared. */
double coarseGrainOf(StreamKind kind)
{
    switch (kind) {
    case StreamKind::accelerometer:
    case StreamKind::linearAcceleration:
    case StreamKind::gravity: return 0.24163;
    case StreamKind::gyroscope: return 0.09537;
    case StreamKind::magnetometer: return 1.17371;
    default: return 0;
    }
}

/** Without hashes that come too often. */
void dropRepeated(std::vector<ContentMark> &marks)
{
    std::ranges::sort(marks);
    auto to = marks.begin();
    for (auto from = marks.begin(); from != marks.end();) {
        const auto end = std::find_if(from, marks.end(), [&](const ContentMark &mark) { return mark.hash != from->hash; });
        if (static_cast<std::size_t>(end - from) <= kMostRepeats)
            to = std::copy(from, end, to);
        from = end;
    }
    marks.erase(to, marks.end());
}

/** All runs of one stream at one grain, a row at a time. */
class RunHasher {
public:
    RunHasher(const ImuStream &stream, double grain)
        : m_stream(stream), m_grain(grain), m_runRows((kValuesPerRun + stream.values.size() - 1) / stream.values.size()),
          m_mostMarks(std::max(kLeastMarksKept, stream.samples() / kRowsPerMark)), m_levels(stream.values.size()), m_hashes(m_runRows),
          m_changes(m_runRows)
    {
        for (std::size_t row = 1; row < m_runRows; ++row)
            m_oldestFactor *= kBase;
    }

    std::vector<ContentMark> marks(const CancelToken &cancel)
    {
        constexpr std::size_t kRowsBetweenChecks = std::size_t{1} << 20;
        for (std::size_t row = 0; row < m_stream.samples(); ++row) {
            if (row % kRowsBetweenChecks == 0)
                cancel.throwIfCancelled();
            add(row);
        }
        thin();
        return std::move(m_marks);
    }

private:
    void add(std::size_t row)
    {
        std::uint64_t hash = 0;
        std::size_t changes = 0;
        for (std::size_t axis = 0; axis < m_levels.size(); ++axis) {
            const double value = static_cast<double>(m_stream.values[axis][row]);
            // What is out of all range is no measurement; it would leave the integers, too.
            if (!(std::abs(value) < 1e12)) {
                m_filled = 0;
                return;
            }
            const auto level = static_cast<std::int64_t>(std::floor(value / m_grain + 0.31));
            changes += level != m_levels[axis];
            m_levels[axis] = level;
            hash = mixed(hash * kBase + static_cast<std::uint64_t>(level) + 1);
        }
        if (m_filled == 0)
            m_sum = m_changed = 0;
        const std::size_t place = m_filled % m_runRows;
        if (m_filled >= m_runRows) {
            m_sum -= m_hashes[place] * m_oldestFactor;
            m_changed -= m_changes[place];
        }
        m_sum = m_sum * kBase + hash;
        m_changed += changes;
        m_hashes[place] = hash;
        m_changes[place] = changes;
        ++m_filled;
        // How the first row differs from the one before the run is not the run's.
        if (m_filled >= m_runRows && m_changed - m_changes[m_filled % m_runRows] >= kLeastChanges) {
            m_marks.push_back({mixed(m_sum), static_cast<std::uint32_t>(row + 1 - m_runRows)});
            if (m_marks.size() >= 4 * m_mostMarks)
                thin();
        }
    }

    /** The smallest hashes: which these are depends on the values alone, not on their place. */
    void thin()
    {
        dropRepeated(m_marks);
        if (m_marks.size() > m_mostMarks)
            m_marks.resize(m_mostMarks);
    }

    const ImuStream &m_stream;
    double m_grain;
    std::size_t m_runRows;
    std::size_t m_mostMarks;
    std::uint64_t m_oldestFactor = 1;
    std::vector<std::int64_t> m_levels;
    std::vector<std::uint64_t> m_hashes; // of the last rows, in a ring
    std::vector<std::size_t> m_changes; // values that changed to each of them
    std::size_t m_filled = 0;
    std::uint64_t m_sum = 0;
    std::size_t m_changed = 0;
    std::vector<ContentMark> m_marks;
};

struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t recording = 0;
    std::uint32_t stream = 0;
    std::uint32_t row = 0;
    friend auto operator<=>(const Entry &, const Entry &) = default;
};

/** A pair of streams at one shift. */
struct Vote {
    std::uint32_t first = 0, firstStream = 0, second = 0, secondStream = 0;
    std::int64_t shift = 0;
    friend auto operator<=>(const Vote &, const Vote &) = default;
};
struct VoteHash {
    std::size_t operator()(const Vote &vote) const
    {
        return static_cast<std::size_t>(mixed((std::uint64_t{vote.first} << 32 | vote.second) + kBase * static_cast<std::uint64_t>(vote.shift)
                                              + vote.firstStream * 31U + vote.secondStream));
    }
};
struct Agreement {
    std::size_t marks = 0;
    std::uint32_t from = UINT32_MAX, to = 0; // rows of the first
};

} // namespace

ContentSketch sketchContent(const Recording &recording, std::span<const StreamKind> kinds, const CancelToken &cancel)
{
    ContentSketch sketch;
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            const bool isAsked = kinds.empty() || std::ranges::find(kinds, stream.kind) != kinds.end();
            const double grain = isAsked ? coarseGrainOf(stream.kind) : 0;
            const std::size_t rows = stream.samples();
            const bool isWhole = std::ranges::all_of(stream.values, [&](const auto &axis) { return axis.size() == rows; });
            if (grain == 0 || rows == 0 || rows > UINT32_MAX || stream.values.empty() || !isWhole)
                continue;
            StreamSketch &made = sketch.emplace_back();
            made.stream = streamName(device, stream);
            made.rows = rows;
            if (rows > 1)
                made.secondsPerRow = toSeconds(stream.timesNs.back() - stream.timesNs.front()) / static_cast<double>(rows - 1);
            made.marks = RunHasher(stream, grain).marks(cancel);
            // The same levels at another grain are another run.
            for (ContentMark fine : RunHasher(stream, grain / kFineGrains).marks(cancel)) {
                fine.hash = mixed(fine.hash + 1);
                made.marks.push_back(fine);
            }
            std::ranges::sort(made.marks);
        }
    }
    return sketch;
}

std::vector<ContentMatch> findCopies(std::span<const ContentSketch *const> sketches, std::span<const int> groups)
{
    std::vector<Entry> entries;
    for (std::size_t recording = 0; recording < sketches.size(); ++recording) {
        for (std::size_t stream = 0; stream < sketches[recording]->size(); ++stream) {
            for (const ContentMark &mark : (*sketches[recording])[stream].marks)
                entries.push_back({mark.hash, static_cast<std::uint32_t>(recording), static_cast<std::uint32_t>(stream), mark.row});
        }
    }
    std::ranges::sort(entries);
    std::unordered_map<Vote, Agreement, VoteHash> agreements;
    for (auto from = entries.cbegin(); from != entries.cend();) {
        const auto end = std::find_if(from, entries.cend(), [&](const Entry &entry) { return entry.hash != from->hash; });
        // The first two recordings of each group: one of them is not that of the entry.
        std::map<int, std::vector<const Entry *>> firsts;
        if (from->recording != std::prev(end)->recording) {
            for (auto entry = from; entry != end; ++entry) {
                std::vector<const Entry *> &ofGroup = firsts[groups[entry->recording]];
                if (ofGroup.empty() || (ofGroup.size() < 2 && ofGroup[0]->recording != entry->recording))
                    ofGroup.push_back(&*entry);
            }
        }
        for (auto entry = from; !firsts.empty() && entry != end; ++entry) {
            for (const auto &[group, ofGroup] : firsts) {
                const auto other = std::ranges::find_if(ofGroup, [&](const Entry *one) { return one->recording < entry->recording; });
                if (other == ofGroup.end())
                    continue;
                const Entry &first = **other;
                Agreement &agreement = agreements[{first.recording, first.stream, entry->recording, entry->stream,
                                                   std::int64_t{entry->row} - std::int64_t{first.row}}];
                ++agreement.marks;
                agreement.from = std::min(agreement.from, first.row);
                agreement.to = std::max(agreement.to, first.row);
            }
        }
        from = end;
    }
    std::map<std::pair<std::size_t, std::size_t>, ContentMatch> best;
    for (const auto &[vote, agreement] : agreements) {
        const StreamSketch &stream = (*sketches[vote.first])[vote.firstStream];
        constexpr std::size_t kRunRows = kValuesPerRun / 3;
        if (agreement.marks < kLeastMarksInCommon || agreement.to - agreement.from < 2 * kRunRows)
            continue;
        const ContentMatch match{vote.first, vote.second, vote.firstStream, vote.secondStream, vote.shift, agreement.marks,
                                 static_cast<double>(agreement.to - agreement.from + kRunRows) * stream.secondsPerRow};
        ContentMatch &known = best[{vote.first, vote.second}];
        // The order of a hash table must not decide between equals.
        const auto rank = [](const ContentMatch &one) {
            return std::tuple(one.marks, -static_cast<std::int64_t>(one.firstStream), -static_cast<std::int64_t>(one.secondStream), -one.shiftRows);
        };
        if (known.marks == 0 || rank(match) > rank(known))
            known = match;
    }
    std::vector<ContentMatch> matches;
    for (const auto &[pair, match] : best)
        matches.push_back(match);
    return matches;
}

} // namespace kino
