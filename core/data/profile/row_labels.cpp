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

std::vector<LoadedTier::Span> rowLabels(const LabelSpec &spec, const Table &table, std::size_t cell,
                                        const RowSelection &rows, Nanos periodNs)
{
    std::vector<LoadedTier::Span> spans;
    const Column<std::int32_t> &codes = table.codes[cell];
    const Nanos longestStepNs = longestStepWithoutGap(periodNs);
    const auto codeAt = [&](std::size_t i) { return codes[rows.rowAt(i)]; };
    const auto isGapAfter = [&](std::size_t i) { return rows.timesNs[i + 1] - rows.timesNs[i] > longestStepNs; };
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t last = i;
        while (last + 1 < rows.size() && codeAt(last + 1) == codeAt(i) && !isGapAfter(last))
            ++last;
        const bool isFollowed = last + 1 < rows.size() && !isGapAfter(last);
        const Nanos end = isFollowed ? rows.timesNs[last + 1] : rows.timesNs[last] + periodNs;
        const std::string &word = table.words[cell][static_cast<std::size_t>(codeAt(i))];
        if (!isIgnored(word, spec))
            spans.push_back({rows.timesNs[i], end, named(word, spec)});
        i = last + 1;
    }
    return spans;
}

std::vector<LoadedTier::Span> fileLabel(const LabelSpec &spec, const Captures &captures, Nanos firstNs, Nanos lastNs,
                                        Nanos periodNs)
{
    const std::string text = named(fillIn(spec.text, captures), spec);
    if (text.empty() || isIgnored(text, spec))
        return {};
    return {{firstNs, lastNs + periodNs, text}};
}

} // namespace kino
