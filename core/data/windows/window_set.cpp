#include "core/data/windows/window_set.h"

#include "core/base/error.h"
#include "core/data/windows/window_labels.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

using windows::LabelTrack;
using windows::Verdict;

constexpr std::string_view kFateNames[kWindowFates]
    = {"kept",   "gap",       "missing-channel", "missing-values", "beyond-end",     "too-short",
       "border", "not-whole", "no-label",        "mixed-label",    "left-out-label", "excluded"};
constexpr double kMostWindows = 5e6;
/** In samples: a little under what the resampler forgives at a part's ends, so that what is kept has no NaN. */
constexpr double kEdgeTolerance = 0.999e-3;

const AnnotationTier *tierOf(const Recording &recording, const WindowRule &rule, std::vector<std::string> &refusals)
{
    const bool isNeeded = rule.policy != LabelPolicy::none || rule.placement == WindowPlacement::around;
    if (!isNeeded)
        return nullptr;
    if (!rule.tier.empty()) {
        const auto found = std::ranges::find(recording.tiers, rule.tier, &AnnotationTier::name);
        if (found == recording.tiers.end())
            refusals.push_back("there is no tier " + rule.tier);
        return found == recording.tiers.end() ? nullptr : &*found;
    }
    std::vector<const AnnotationTier *> candidates;
    std::string names, texts;
    for (const AnnotationTier &tier : recording.tiers) {
        if (rule.placement != WindowPlacement::around && tier.kind != TierKind::label) {
            texts += (texts.empty() ? "" : ", ") + tier.name;
            continue;
        }
        candidates.push_back(&tier);
        names += (names.empty() ? "" : ", ") + tier.name;
    }
    if (candidates.size() > 1)
        throw Error("recording " + recording.name + " has several tiers (" + names + "); name the one that is meant");
    if (candidates.empty())
        refusals.push_back("there is no tier of labels"
                           + (texts.empty() ? std::string() : "; one of texts is used as labels where it is named: " + texts));
    return candidates.empty() ? nullptr : candidates.front();
}

/** Where a window is wanted. */
struct Place {
    std::int64_t firstSample = 0;
    /** Of the tier; around only. */
    std::size_t annotation = 0;
    WindowFate fate = WindowFate::kept;
};

/** The samples of a grid by their times. */
class GridClock {
public:
    explicit GridClock(const SampleGrid &grid) : m_grid(grid) { }

    double sampleAt(Nanos ns) const
    {
        return static_cast<double>(static_cast<long double>(ns - m_grid.startNs) * m_grid.rateHz / kNanosPerSecond);
    }
    Nanos timeOf(std::int64_t sample) const
    {
        return m_grid.startNs
            + static_cast<Nanos>(std::llroundl(static_cast<long double>(sample) * kNanosPerSecond / m_grid.rateHz));
    }

private:
    const SampleGrid &m_grid;
};

void requireFew(double windows)
{
    if (windows > kMostWindows)
        throw Error("this rule would cut over five million windows from one recording; choose a longer stride or a "
                    "lower rate");
}

std::vector<Place> gridPlaces(const WindowRule &rule, const SampleGrid &grid)
{
    const long double stride = static_cast<long double>(rule.strideSeconds) * rule.rateHz;
    requireFew(static_cast<double>(static_cast<long double>(grid.samples) / stride));
    std::vector<Place> places;
    places.reserve(static_cast<std::size_t>(static_cast<long double>(grid.samples) / stride) + 1);
    for (std::int64_t k = 0;; ++k) {
        const auto first = static_cast<std::int64_t>(std::llroundl(static_cast<long double>(k) * stride));
        if (first >= static_cast<std::int64_t>(grid.samples))
            return places;
        places.push_back({first, 0, WindowFate::kept});
    }
}

/** The window around one annotation, as methods.md §2.5 and §3.3 place it; seconds from the grid's origin. */
Place placeAround(const WindowRule &rule, const Annotation &annotation, const SampleGrid &grid, double totalSeconds)
{
    const RecordingTime anchor = rule.around.anchor == AnnotationAnchor::start ? annotation.start
        : rule.around.anchor == AnnotationAnchor::end                          ? annotation.end
                                                      : annotation.start + (annotation.end - annotation.start) / 2;
    const GridClock clock(grid);
    const double at = clock.sampleAt(anchor.ns) / grid.rateHz;
    const double length = rule.seconds;
    double from = at - length / 2;
    double to = at + length / 2;
    if (rule.around.border == BorderRule::inside) {
        const double margin = std::max(rule.around.borderMarginSeconds, length / 2);
        if (at <= margin) {
            from = 0;
            to = length;
        } else if (at + margin >= totalSeconds) {
            from = totalSeconds - length;
            to = totalSeconds;
        }
    }
    Place place;
    if (rule.around.wholeSeconds) {
        // Times come in nanoseconds: what lies that near below a whole second is on it.
        constexpr double kNanosecond = 1e-9;
        from = std::floor(from + kNanosecond);
        to = std::floor(to + kNanosecond);
        if (to - from != length)
            place.fate = WindowFate::notWhole;
    }
    place.firstSample = static_cast<std::int64_t>(std::llround(from * grid.rateHz));
    if (from < 0 || place.firstSample < 0
        || place.firstSample + static_cast<std::int64_t>(rule.samples()) > static_cast<std::int64_t>(grid.samples))
        place.fate = WindowFate::border;
    return place;
}

std::vector<Place> aroundPlaces(const WindowRule &rule, const SampleGrid &grid, const AnnotationTier *tier,
                                double totalSeconds)
{
    std::vector<Place> places;
    for (std::size_t index = 0; tier && index < tier->annotations.size(); ++index) {
        places.push_back(placeAround(rule, tier->annotations[index], grid, totalSeconds));
        places.back().annotation = index;
    }
    std::ranges::stable_sort(places, {}, &Place::firstSample);
    return places;
}

std::vector<Place> fixedPlaces(const WindowRule &rule, const std::string &recording, const SampleGrid &grid)
{
    const GridClock clock(grid);
    std::vector<Place> places;
    for (const NamedWindow &window : rule.fixed) {
        if (window.recording == recording)
            places.push_back(
                {static_cast<std::int64_t>(std::llround(clock.sampleAt(window.start.ns))), 0, WindowFate::kept});
    }
    std::ranges::stable_sort(places, {}, &Place::firstSample);
    return places;
}

/** Asked for ascending windows: whether all streams have all of each. */
class CoverageCursor {
public:
    CoverageCursor(const ChannelSource &source, const SampleGrid &grid, std::size_t samples)
        : m_source(source), m_at(source.streams.size(), 0), m_clock(grid),
          m_samples(static_cast<std::int64_t>(samples)),
          m_toleranceNs(static_cast<Nanos>(kEdgeTolerance * 1e9 / grid.rateHz))
    {
    }

    WindowFate judge(std::int64_t firstSample)
    {
        const Nanos from = m_clock.timeOf(firstSample) + m_toleranceNs;
        const Nanos to = m_clock.timeOf(firstSample + m_samples - 1) - m_toleranceNs;
        WindowFate fate = WindowFate::kept;
        for (std::size_t index = 0; index < m_at.size(); ++index) {
            const WindowFate one = judge(m_source.streams[index], m_at[index], from, to);
            // Which reason is said when streams differ: the one that a person would mend first.
            if (one != WindowFate::kept && (fate == WindowFate::kept || rank(one) < rank(fate)))
                fate = one;
        }
        return fate;
    }

private:
    static int rank(WindowFate fate)
    {
        return fate == WindowFate::beyondEnd     ? 0
            : fate == WindowFate::missingChannel ? 1
            : fate == WindowFate::gap            ? 2
                                                 : 3;
    }

    WindowFate judge(const ChannelStream &stream, std::size_t &at, Nanos from, Nanos to) const
    {
        const std::vector<CoveredSpan> &spans = stream.spans;
        // Windows of one sample may have from after to; what matters is that the instant lies in the span.
        while (at < spans.size() && spans[at].toNs < std::max(from - 2 * m_toleranceNs, to))
            ++at;
        if (at < spans.size() && spans[at].fromNs <= from)
            return WindowFate::kept;
        if (to > m_source.endNs)
            return WindowFate::beyondEnd;
        if (to > *stream.lastNs || from < *stream.firstNs)
            return WindowFate::missingChannel;
        return endsInMissingValues(spans, at, from) ? WindowFate::missingValues : WindowFate::gap;
    }

    /** Whether what cuts the window is missing values only: a gap in it is said before them. */
    static bool endsInMissingValues(const std::vector<CoveredSpan> &spans, std::size_t at, Nanos from)
    {
        // Spans before `at` end before the window does; those that end inside or before it say why they do.
        std::size_t index = at;
        while (index > 0) {
            --index;
            if (!spans[index].endsInMissingValues)
                return false;
            if (spans[index].toNs < from)
                break;
        }
        return at > 0 || spans.empty() || spans.front().fromNs > from;
    }

    const ChannelSource &m_source;
    std::vector<std::size_t> m_at;
    GridClock m_clock;
    std::int64_t m_samples;
    Nanos m_toleranceNs;
};

SampleGrid gridOf(const Recording &recording, const ChannelSource &source, const WindowRule &rule)
{
    Nanos startNs = source.startNs;
    if (rule.origin == WindowOrigin::video) {
        if (recording.videos.empty())
            throw Error("recording " + recording.name
                        + " has no video, from whose begin its windows should be counted");
        startNs = recording.videos.front().clock.toRecording(recording.videos.front().start).ns;
    }
    SampleGrid grid{startNs, rule.rateHz, 0};
    const double last = GridClock(grid).sampleAt(source.endNs) + kEdgeTolerance;
    if (last > 1e13)
        throw Error("recording " + recording.name + " is too long to be resampled at this rate; check its times");
    grid.samples = last < 0 ? 0 : static_cast<std::size_t>(last) + 1;
    return grid;
}

/** Of the origin: to the end of the channels, or of the video. */
double totalSeconds(const Recording &recording, const ChannelSource &source, const WindowRule &rule,
                    const SampleGrid &grid)
{
    const Nanos end = rule.origin == WindowOrigin::video
        ? recording.videos.front().clock.toRecording(recording.videos.front().end).ns
        : source.endNs;
    return GridClock(grid).sampleAt(end) / grid.rateHz;
}

/** Cuts all windows of one source. */
class SourceCutter {
public:
    SourceCutter(const Recording &recording, const WindowRule &rule, const AnnotationTier *tier, LabelTrack &labels,
                 RecordingWindows &result)
        : m_recording(recording), m_rule(rule), m_tier(tier), m_labels(labels), m_result(result)
    {
        for (const NamedWindow &window : rule.excluded) {
            if (window.recording == recording.name)
                m_excluded.push_back(window.start);
        }
        std::ranges::sort(m_excluded);
    }

    void cut(const ChannelSource &source)
    {
        const auto number = static_cast<std::uint32_t>(m_result.sources.size());
        const SampleGrid grid = gridOf(m_recording, source, m_rule);
        m_result.sources.push_back({source.devices, grid});
        const std::vector<Place> places = m_rule.placement == WindowPlacement::grid ? gridPlaces(m_rule, grid)
            : m_rule.placement == WindowPlacement::around
            ? aroundPlaces(m_rule, grid, m_tier, totalSeconds(m_recording, source, m_rule, grid))
            : fixedPlaces(m_rule, m_recording.name, grid);
        requireFew(static_cast<double>(places.size() + m_result.windows.size()));
        m_result.windows.reserve(m_result.windows.size() + places.size());
        const GridClock clock(grid);
        CoverageCursor coverage(source, grid, m_result.samplesPerWindow);
        const bool isTooShort = grid.samples < m_result.samplesPerWindow;
        for (const Place &place : places) {
            Window window{{clock.timeOf(place.firstSample)}, place.firstSample, number, -1, -1, 0, place.fate};
            const Verdict verdict = m_rule.policy == LabelPolicy::annotation ? m_labels.ofAnnotation(place.annotation)
                                                                             : m_labels.judge(window.start);
            window.share = verdict.share;
            window.label = verdict.label;
            window.bout = verdict.bout;
            if (window.fate == WindowFate::kept)
                window.fate = isTooShort ? WindowFate::tooShort : fate(window, coverage, verdict);
            if (window.fate != WindowFate::kept)
                window.bout = -1;
            m_result.windows.push_back(window);
        }
    }

private:
    WindowFate fate(const Window &window, CoverageCursor &coverage, const Verdict &verdict) const
    {
        if (const WindowFate covered = coverage.judge(window.firstSample); covered != WindowFate::kept)
            return covered;
        if (isExcluded(window.start))
            return WindowFate::excluded;
        const bool mayLack = m_rule.unlabelled == UnlabelledWindows::keep
            && (verdict.fate == WindowFate::noLabel || verdict.fate == WindowFate::mixedLabel);
        return mayLack ? WindowFate::kept : verdict.fate;
    }

    /** Within half a sample: lists hold decimal seconds. */
    bool isExcluded(RecordingTime start) const
    {
        const auto half = static_cast<Nanos>(0.5e9 / m_rule.rateHz);
        const auto found = std::ranges::lower_bound(m_excluded, start - half);
        return found != m_excluded.end() && *found <= start + half;
    }

    const Recording &m_recording;
    const WindowRule &m_rule;
    const AnnotationTier *m_tier;
    LabelTrack &m_labels;
    RecordingWindows &m_result;
    std::vector<RecordingTime> m_excluded;
};

} // namespace

std::string_view windowFateName(WindowFate fate) { return kFateNames[static_cast<std::size_t>(fate)]; }

std::size_t RecordingWindows::kept() const
{
    return static_cast<std::size_t>(std::ranges::count(windows, WindowFate::kept, &Window::fate));
}

RecordingWindows cutWindows(const Recording &recording, const ChannelCoverage &coverage, const WindowRule &rule)
{
    if (const auto problems = problemsOf(rule); !problems.empty())
        throw Error(problems.front());
    RecordingWindows result;
    result.recording = recording.name;
    result.subject = recording.subject;
    result.lengthNs = rule.lengthNs();
    result.samplesPerWindow = rule.samples();
    result.refusals = coverage.refusals;
    const AnnotationTier *tier = tierOf(recording, rule, result.refusals);
    LabelTrack labels(tier, rule);
    SourceCutter cutter(recording, rule, tier, labels, result);
    for (const ChannelSource &source : coverage.sources)
        cutter.cut(source);
    result.labels = labels.takeLabels();
    result.mappedLabels = labels.takeMapped();
    result.bouts = labels.takeBouts();
    return result;
}

RecordingWindows cutWindows(const Recording &recording, const WindowRule &rule, const CancelToken &cancel)
{
    return cutWindows(recording, computeCoverage(recording, rule.devices, rule.joined, rule.channels, cancel), rule);
}

} // namespace kino
