#include "widgets/timeline/window_rows.h"

#include "widgets/timeline/stream_title.h"

#include <QCoreApplication>

#include <algorithm>

namespace kino {
namespace {

constexpr int kMostSubRows = 3;

QString tr(const char *text) { return QCoreApplication::translate("Windows", text); }

QString percent(double share) { return QString::number(std::floor(share * 100 + 1e-4), 'f', 0) + QStringLiteral("\u00a0%"); }

/** As many rows as keep windows that overlap apart, three at most. */
int subRowsOf(const RecordingWindows &windows, std::size_t first, std::size_t last)
{
    int rows = 1;
    for (std::size_t at = first; at + 1 < last && rows < kMostSubRows; ++at) {
        while (rows < kMostSubRows && at + static_cast<std::size_t>(rows) < last
               && windows.windows[at + static_cast<std::size_t>(rows)].start < windows.windows[at].start + windows.lengthNs)
            ++rows;
    }
    return rows;
}

std::vector<WindowRun> runsOf(const RecordingWindows &windows, std::size_t first, std::size_t last)
{
    std::vector<WindowRun> runs;
    for (std::size_t at = first; at < last; ++at) {
        const Window &window = windows.windows[at];
        const bool isKept = window.fate == WindowFate::kept;
        const std::int32_t label = isKept ? window.label : -1;
        if (runs.empty() || runs.back().isKept != isKept || runs.back().label != label)
            runs.push_back({at, at, label, isKept});
        runs.back().last = at + 1;
    }
    return runs;
}

/** The stretch inside [from, to] in which a stream has no values. */
std::optional<TimeRange> holeOf(const ChannelStream &stream, TimeRange range, bool missingValues)
{
    for (std::size_t index = 0; index + 1 < stream.spans.size(); ++index) {
        const CoveredSpan &before = stream.spans[index];
        const TimeRange hole{{before.toNs}, {stream.spans[index + 1].fromNs}};
        if (hole.end > range.start && hole.start < range.end && before.endsInMissingValues == missingValues)
            return hole;
    }
    return std::nullopt;
}

QString joined(const QString &sentence, const QString &more) { return more.isEmpty() ? sentence : sentence + QLatin1Char('\n') + more; }

/** What is missing where, by the stream that lacks it. */
QString whyNotCovered(const WindowRows &rows, const Window &window)
{
    const TimeRange range{window.start, window.start + rows.windows->lengthNs};
    if (!rows.coverage || window.source >= rows.coverage->sources.size())
        return {};
    const ChannelSource &source = rows.coverage->sources[window.source];
    for (std::size_t index = 0; index < source.streams.size(); ++index) {
        const ChannelStream &stream = source.streams[index];
        const QString title = rows.streamTitles[window.source].value(static_cast<int>(index));
        if (window.fate == WindowFate::missingChannel) {
            if (stream.firstNs && *stream.firstNs > range.start.ns)
                return tr("%1 begins only at %2").arg(title, clockText({*stream.firstNs}));
            if (stream.lastNs && *stream.lastNs < range.end.ns && *stream.lastNs < source.endNs)
                return tr("%1 ends at %2").arg(title, clockText({*stream.lastNs}));
            continue;
        }
        const bool wantsMissing = window.fate == WindowFate::missingValues;
        if (const auto hole = holeOf(stream, range, wantsMissing))
            return wantsMissing ? tr("%1 has no numbers for %2 from %3").arg(title, durationText(hole->duration()), clockText(hole->start))
                                : tr("%1 has a gap of %2 at %3").arg(title, durationText(hole->duration()), clockText(hole->start));
    }
    return {};
}

QString whyDropped(const WindowRows &rows, const Window &window)
{
    const double minimum = rows.rule.policy == LabelPolicy::full ? 1 : rows.rule.minimumShare;
    const RecordingTime end = window.start + rows.windows->lengthNs;
    switch (window.fate) {
    case WindowFate::kept: return {};
    case WindowFate::gap:
    case WindowFate::missingChannel:
    case WindowFate::missingValues: return whyNotCovered(rows, window);
    case WindowFate::beyondEnd:
        if (rows.coverage && window.source < rows.coverage->sources.size()) {
            const Nanos over = end.ns - rows.coverage->sources[window.source].endNs;
            if (over > 0)
                return tr("it reaches %1 over the end of the signals").arg(durationText(over));
        }
        return {};
    case WindowFate::tooShort: return tr("a window is %1 long").arg(durationText(rows.windows->lengthNs));
    case WindowFate::border: return tr("it reaches over the recording's begin or end");
    case WindowFate::notWhole: return tr("in whole seconds it would have another length");
    case WindowFate::noLabel:
        if (rows.rule.policy == LabelPolicy::centre)
            return tr("nothing is labelled at its middle");
        return window.share > 0 ? tr("%1 of it has a label; %2 is needed").arg(percent(window.share), percent(minimum)) : tr("nothing in it is labelled");
    case WindowFate::mixedLabel: return tr("its most frequent label has %1; %2 is needed, and more than any other").arg(percent(window.share), percent(minimum));
    case WindowFate::leftOutLabel: return window.share > 0 ? tr("%1 of it is of a label that the rule leaves out").arg(percent(window.share)) : tr("its label is one that the rule leaves out");
    case WindowFate::excluded: return tr("it is named in a list of windows to leave out");
    }
    return {};
}

} // namespace

QString windowFateText(WindowFate fate)
{
    switch (fate) {
    case WindowFate::kept: return tr("kept");
    case WindowFate::gap: return tr("gap in a channel");
    case WindowFate::missingChannel: return tr("a channel is missing");
    case WindowFate::missingValues: return tr("missing numbers");
    case WindowFate::beyondEnd: return tr("over the end");
    case WindowFate::tooShort: return tr("recording too short");
    case WindowFate::border: return tr("over the border");
    case WindowFate::notWhole: return tr("not whole seconds");
    case WindowFate::noLabel: return tr("no label");
    case WindowFate::mixedLabel: return tr("mixed labels");
    case WindowFate::leftOutLabel: return tr("label left out");
    case WindowFate::excluded: return tr("excluded by a list");
    }
    return {};
}

TimeRange WindowRows::rangeOf(std::size_t window) const
{
    const RecordingTime start = windows->windows[window].start;
    return {start, start + windows->lengthNs};
}

std::pair<std::size_t, std::size_t> WindowRows::touching(std::size_t source, TimeRange range) const
{
    const auto begin = windows->windows.begin() + static_cast<std::ptrdiff_t>(sources[source].first);
    const auto end = windows->windows.begin() + static_cast<std::ptrdiff_t>(sources[source].last);
    const auto first = std::ranges::upper_bound(begin, end, range.start - windows->lengthNs, {}, &Window::start);
    const auto last = std::ranges::lower_bound(first, end, range.end, {}, &Window::start);
    return {static_cast<std::size_t>(first - windows->windows.begin()), static_cast<std::size_t>(last - windows->windows.begin())};
}

int WindowRows::subRowOf(std::size_t source, std::size_t window) const
{
    return static_cast<int>((window - sources[source].first) % static_cast<std::size_t>(sources[source].subRows));
}

std::optional<std::size_t> WindowRows::windowAt(std::size_t source, RecordingTime time, std::optional<int> subRow) const
{
    const auto [first, last] = touching(source, {time, time + 1});
    for (std::size_t window = last; window > first; --window) {
        if (rangeOf(window - 1).contains(time) && (!subRow || subRowOf(source, window - 1) == *subRow))
            return window - 1;
    }
    return std::nullopt;
}

QString WindowRows::tipOf(std::size_t index) const
{
    const Window &window = windows->windows[index];
    const TimeRange range = rangeOf(index);
    const QString where = clockText(range.start) + QStringLiteral(" \u2013 ") + clockText(range.end);
    if (window.fate != WindowFate::kept)
        return joined(joined(tr("Dropped: %1").arg(windowFateText(window.fate)), whyDropped(*this, window)), where);
    if (window.label < 0)
        return joined(rule.policy == LabelPolicy::none ? tr("Kept") : tr("Kept without a label"), where);
    const QString label = labels.value(window.label);
    return joined(rule.policy == LabelPolicy::annotation ? tr("Kept: %1").arg(label) : tr("Kept: %1, %2 of it").arg(label, percent(window.share)), where);
}

std::shared_ptr<const WindowRows> buildWindowRows(const Recording &recording, WindowRule rule, std::shared_ptr<const ChannelCoverage> coverage,
                                                  std::shared_ptr<const RecordingWindows> windows)
{
    auto rows = std::make_shared<WindowRows>();
    for (const std::string &label : windows->labels)
        rows->labels += QString::fromStdString(label);
    std::size_t at = 0;
    for (std::size_t source = 0; source < windows->sources.size(); ++source) {
        WindowSourceRow row;
        QStringList devices;
        for (const std::string &device : windows->sources[source].devices)
            devices += QString::fromStdString(device);
        row.title = devices.join(QStringLiteral(" + "));
        row.first = at;
        while (at < windows->windows.size() && windows->windows[at].source == source)
            row.kept += windows->windows[at++].fate == WindowFate::kept ? 1 : 0;
        row.last = at;
        row.subRows = subRowsOf(*windows, row.first, row.last);
        row.runs = runsOf(*windows, row.first, row.last);
        rows->sources.push_back(std::move(row));
    }
    for (const ChannelSource &source : coverage ? coverage->sources : std::vector<ChannelSource>()) {
        QStringList titles;
        for (const ChannelStream &stream : source.streams) {
            const Device &device = recording.devices[stream.device];
            const QString title = streamTitle(device.streams[stream.stream]);
            titles += source.devices.size() > 1 ? QString::fromStdString(device.name) + QStringLiteral(" ") + title.toLower() : title;
        }
        rows->streamTitles.push_back(std::move(titles));
    }
    rows->rule = std::move(rule);
    rows->coverage = std::move(coverage);
    rows->windows = std::move(windows);
    return rows;
}

} // namespace kino
