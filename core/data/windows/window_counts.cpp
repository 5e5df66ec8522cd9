#include "core/data/windows/window_set.h"

#include <algorithm>
#include <map>
#include <set>

namespace kino {
namespace {

/** Intervals that do not overlap, ascending. */
class CoveredTime {
public:
    /** Starts come ascending. */
    void add(RecordingTime start, RecordingTime end)
    {
        if (!m_intervals.empty() && start <= m_intervals.back().second)
            m_intervals.back().second = std::max(m_intervals.back().second, end);
        else
            m_intervals.emplace_back(start, end);
    }
    Nanos total() const
    {
        Nanos sum = 0;
        for (const auto &[start, end] : m_intervals)
            sum += end - start;
        return sum;
    }
    Nanos totalWith(const CoveredTime &other) const
    {
        Nanos sum = 0;
        for (std::size_t i = 0, j = 0; i < m_intervals.size() && j < other.m_intervals.size();) {
            const auto &[a, aEnd] = m_intervals[i];
            const auto &[b, bEnd] = other.m_intervals[j];
            sum += std::max<Nanos>(0, std::min(aEnd, bEnd) - std::max(a, b));
            aEnd < bEnd ? ++i : ++j;
        }
        return sum;
    }

private:
    std::vector<std::pair<RecordingTime, RecordingTime>> m_intervals;
};

struct Totals {
    std::size_t windows = 0;
    Nanos ns = 0;
    std::set<std::pair<std::size_t, std::int32_t>> bouts; // recording, bout
};

} // namespace

WindowCounts countWindows(std::span<const RecordingWindows> recordings)
{
    WindowCounts counts;
    std::map<std::pair<std::string, std::string>, Totals> classes;
    for (std::size_t number = 0; number < recordings.size(); ++number) {
        const RecordingWindows &recording = recordings[number];
        // By label + 1, so that no window has to be looked up by names.
        std::vector<Totals *> totalsOf(recording.labels.size() + 1, nullptr);
        std::vector<std::int32_t> lastBoutOf(recording.labels.size() + 1, -1);
        for (auto window = recording.windows.begin(); window != recording.windows.end();) {
            std::array<CoveredTime, kWindowFates> byFate;
            std::vector<CoveredTime> byLabel(totalsOf.size());
            const std::uint32_t source = window->source;
            for (; window != recording.windows.end() && window->source == source; ++window) {
                const RecordingTime end = window->start + recording.lengthNs;
                byFate[static_cast<std::size_t>(window->fate)].add(window->start, end);
                ++counts.fates[static_cast<std::size_t>(window->fate)].windows;
                if (window->fate != WindowFate::kept)
                    continue;
                const auto place = static_cast<std::size_t>(window->label + 1);
                byLabel[place].add(window->start, end);
                if (!totalsOf[place])
                    totalsOf[place]
                        = &classes[{place == 0 ? std::string() : recording.labels[place - 1], recording.subject}];
                ++totalsOf[place]->windows;
                if (window->bout >= 0 && window->bout != lastBoutOf[place])
                    totalsOf[place]->bouts.emplace(number, window->bout);
                lastBoutOf[place] = window->bout;
            }
            const CoveredTime &kept = byFate[static_cast<std::size_t>(WindowFate::kept)];
            for (std::size_t fate = 0; fate < kWindowFates; ++fate) {
                const bool isKept = fate == static_cast<std::size_t>(WindowFate::kept);
                counts.fates[fate].seconds
                    += toSeconds(byFate[fate].total() - (isKept ? 0 : byFate[fate].totalWith(kept)));
            }
            for (std::size_t place = 0; place < byLabel.size(); ++place) {
                if (totalsOf[place])
                    totalsOf[place]->ns += byLabel[place].total();
            }
        }
    }
    for (const auto &[key, totals] : classes)
        counts.classes.push_back({key.first, key.second, totals.windows, totals.bouts.size(), toSeconds(totals.ns)});
    return counts;
}

} // namespace kino
