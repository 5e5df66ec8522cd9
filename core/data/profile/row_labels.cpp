#include "core/data/profile/row_labels.h"

#include "core/signal/timing.h"

namespace kino {
namespace {

std::string named(const std::string &value, const LabelSpec &spec)
{
    const auto name = spec.names.find(value);
    return name == spec.names.end() ? value : name->second;
}

bool isIgnored(const std::string &value, const LabelSpec &spec)
{
    return value.empty() || std::ranges::find(spec.ignore, value) != spec.ignore.end();
}

} // namespace

void addRowLabels(LoadedTier &tier, const LabelSpec &spec, const Table &table, std::size_t cell, const RowSelection &rows,
                  Nanos periodNs)
{
    const Column<std::int32_t> &codes = table.codes[cell];
    const Nanos longestStepNs = longestStepWithoutGap(periodNs);
    const auto codeAt = [&](std::size_t i) { return codes[rows.rowAt(i)]; };
    const auto isGapAfter = [&](std::size_t i) { return rows.timesNs[i + 1] - rows.timesNs[i] > longestStepNs; };
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t last = i;
        while (last + 1 < rows.size() && codeAt(last + 1) == codeAt(i) && !isGapAfter(last))
            ++last;
        const bool isFollowed = last + 1 < rows.size() && !isGapAfter(last);
        const Nanos start = rows.timesNs[i];
        const Nanos end = isFollowed ? rows.timesNs[last + 1] : rows.timesNs[last] + periodNs;
        const std::string &word = table.words[cell][static_cast<std::size_t>(codeAt(i))];
        if (!isIgnored(word, spec))
            tier.spans.push_back({start, end, named(word, spec)});
        if (!tier.covered.empty() && tier.covered.back().second == start)
            tier.covered.back().second = end;
        else
            tier.covered.emplace_back(start, end);
        i = last + 1;
    }
}

void addFileLabel(LoadedTier &tier, const LabelSpec &spec, const Captures &captures, Nanos firstNs, Nanos lastNs,
                  Nanos periodNs)
{
    const std::string text = named(fillIn(spec.text, captures), spec);
    tier.covered.emplace_back(firstNs, lastNs + periodNs);
    if (!text.empty() && !isIgnored(text, spec))
        tier.spans.push_back({firstNs, lastNs + periodNs, text});
}

} // namespace kino
