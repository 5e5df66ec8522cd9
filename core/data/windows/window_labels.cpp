#include "core/data/windows/window_labels.h"

#include "core/data/annotations/label_runs.h"

#include <algorithm>
#include <set>

namespace kino::windows {
namespace {

/** The rule's name for a label; nothing where it is left out. */
std::optional<std::string> renamed(const WindowRule &rule, const std::string &label)
{
    const auto found = rule.labels.find(label);
    return found == rule.labels.end() ? std::optional(label) : found->second;
}

} // namespace

LabelTrack::LabelTrack(const AnnotationTier *tier, const WindowRule &rule) : m_rule(rule), m_lengthNs(rule.lengthNs())
{
    if (!tier || rule.policy == LabelPolicy::none)
        return;
    std::set<std::string> names, mapped;
    for (const Annotation &annotation : tier->annotations) {
        if (rule.labels.contains(annotation.label))
            mapped.insert(annotation.label);
        // An annotation that says nothing labels nothing.
        if (const auto name = renamed(rule, annotation.label); name && !name->empty())
            names.insert(*name);
    }
    m_labels.assign(names.begin(), names.end());
    m_mapped.assign(mapped.begin(), mapped.end());
    if (rule.policy == LabelPolicy::annotation) {
        for (const Annotation &annotation : tier->annotations) {
            const auto name = renamed(rule, annotation.label);
            m_annotationLabels.push_back(!name ? kLeftOut : labelOf(*name));
            m_annotationBouts.push_back(m_annotationLabels.back() < 0 ? -1 : static_cast<std::int32_t>(m_bouts.size()));
            if (m_annotationLabels.back() >= 0)
                m_bouts.push_back(
                    {static_cast<std::size_t>(m_annotationLabels.back()), annotation.start, annotation.end});
        }
        return;
    }
    for (const LabelStretch &stretch : flattened(tier->annotations)) {
        const auto name = renamed(rule, tier->annotations[stretch.annotation].label);
        if (name && name->empty())
            continue;
        const std::int32_t label = name ? labelOf(*name) : kLeftOut;
        if (!m_runs.empty() && m_runs.back().label == label && m_runs.back().end == stretch.start) {
            m_runs.back().end = stretch.end;
            if (label >= 0)
                m_bouts.back().end = stretch.end;
            continue;
        }
        m_runs.push_back(
            {stretch.start, stretch.end, label, label >= 0 ? static_cast<std::int32_t>(m_bouts.size()) : -1});
        if (label >= 0)
            m_bouts.push_back({static_cast<std::size_t>(label), stretch.start, stretch.end});
    }
}

std::int32_t LabelTrack::labelOf(const std::string &name) const
{
    const auto found = std::ranges::lower_bound(m_labels, name);
    return found != m_labels.end() && *found == name ? static_cast<std::int32_t>(found - m_labels.begin()) : -1;
}

Verdict LabelTrack::ofAnnotation(std::size_t annotation) const
{
    const std::int32_t label = annotation < m_annotationLabels.size() ? m_annotationLabels[annotation] : -1;
    if (label == kLeftOut)
        return {WindowFate::leftOutLabel, -1, -1, 0};
    return {label < 0 ? WindowFate::noLabel : WindowFate::kept, label, label < 0 ? -1 : m_annotationBouts[annotation],
            1};
}

Verdict LabelTrack::judge(RecordingTime start)
{
    if (m_rule.policy == LabelPolicy::none)
        return {};
    // A window that begins earlier than the last one: another source.
    if (m_from > 0 && m_runs[m_from - 1].end > start)
        m_from = 0;
    while (m_from < m_runs.size() && m_runs[m_from].end <= start)
        ++m_from;
    return m_rule.policy == LabelPolicy::centre ? centre(start + m_lengthNs / 2) : majority(start, start + m_lengthNs);
}

Verdict LabelTrack::centre(RecordingTime middle)
{
    for (std::size_t at = m_from; at < m_runs.size() && m_runs[at].start <= middle; ++at) {
        const Run &run = m_runs[at];
        if (middle >= run.end)
            continue;
        if (run.label == kLeftOut)
            return {WindowFate::leftOutLabel, -1, -1, 0};
        const RecordingTime start = middle - m_lengthNs / 2;
        const Nanos covered = std::min(run.end, start + m_lengthNs) - std::max(run.start, start);
        return {WindowFate::kept, run.label, run.bout,
                static_cast<float>(static_cast<double>(covered) / static_cast<double>(m_lengthNs))};
    }
    return {WindowFate::noLabel, -1, -1, 0};
}

Verdict LabelTrack::majority(RecordingTime start, RecordingTime end)
{
    m_covered.clear();
    Nanos labelled = 0;
    Nanos most = 0;
    std::int32_t best = -1;
    for (std::size_t at = m_from; at < m_runs.size() && m_runs[at].start < end; ++at) {
        const Nanos covered = std::min(m_runs[at].end, end) - std::max(m_runs[at].start, start);
        labelled += covered;
        auto same = std::ranges::find(m_covered, m_runs[at].label, &std::pair<std::int32_t, Nanos>::first);
        if (same == m_covered.end())
            same = m_covered.insert(m_covered.end(), {m_runs[at].label, 0});
        same->second += covered;
        if (same->second > most) {
            most = same->second;
            best = same->first;
        }
    }
    const double minimum = m_rule.policy == LabelPolicy::full ? 1 : m_rule.minimumShare;
    // Window borders are rounded to the nanosecond; one that a label just covers is covered.
    const auto isEnough
        = [&](Nanos ns) { return static_cast<double>(ns + 1) >= minimum * static_cast<double>(m_lengthNs); };
    const auto share = static_cast<float>(std::min(1.0, static_cast<double>(most) / static_cast<double>(m_lengthNs)));
    if (!isEnough(labelled))
        return {WindowFate::noLabel, -1, -1, share};
    const bool isTie = std::ranges::count(m_covered, most, &std::pair<std::int32_t, Nanos>::second) > 1;
    if (!isEnough(most) || isTie)
        return {WindowFate::mixedLabel, -1, -1, share};
    if (best == kLeftOut)
        return {WindowFate::leftOutLabel, -1, -1, share};
    Verdict verdict{WindowFate::kept, best, -1, share};
    Nanos longest = 0;
    for (std::size_t at = m_from; at < m_runs.size() && m_runs[at].start < end; ++at) {
        const Nanos covered = std::min(m_runs[at].end, end) - std::max(m_runs[at].start, start);
        if (m_runs[at].label == best && covered > longest) {
            longest = covered;
            verdict.bout = m_runs[at].bout;
        }
    }
    return verdict;
}

} // namespace kino::windows
