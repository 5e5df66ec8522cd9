#include "core/data/dataset/window_difference.h"

#include <algorithm>
#include <tuple>

namespace kino {
namespace {

auto keyOf(const WindowLine &line) { return std::tie(line.recording, line.device, line.startNs); }

std::vector<const WindowLine *> sorted(std::span<const WindowLine> lines)
{
    std::vector<const WindowLine *> pointers;
    for (const WindowLine &line : lines)
        pointers.push_back(&line);
    std::ranges::stable_sort(pointers, [](const WindowLine *one, const WindowLine *other) { return keyOf(*one) < keyOf(*other); });
    return pointers;
}

} // namespace

WindowDifference compareWindows(std::span<const WindowLine> before, std::span<const WindowLine> after)
{
    WindowDifference difference;
    const std::vector<const WindowLine *> old = sorted(before), fresh = sorted(after);
    for (const WindowLine *line : old)
        ++difference.before[static_cast<std::size_t>(line->part)];
    for (const WindowLine *line : fresh)
        ++difference.after[static_cast<std::size_t>(line->part)];
    std::size_t o = 0, f = 0;
    while (o < old.size() || f < fresh.size()) {
        if (f == fresh.size() || (o < old.size() && keyOf(*old[o]) < keyOf(*fresh[f]))) {
            const WindowLine &gone = *old[o++];
            difference.removed.push_back(gone);
            ++difference.byClass[gone.label].removed;
            ++difference.byRecording[gone.recording].removed;
            continue;
        }
        if (o == old.size() || keyOf(*fresh[f]) < keyOf(*old[o])) {
            const WindowLine &made = *fresh[f++];
            difference.added.push_back(made);
            ++difference.byClass[made.label].added;
            ++difference.byRecording[made.recording].added;
            continue;
        }
        const WindowLine &was = *old[o++], &is = *fresh[f++];
        if (was.label != is.label) {
            difference.relabelled.push_back({was, is});
            ++difference.byClass[was.label].relabelledFrom;
            ++difference.byClass[is.label].relabelledTo;
            ++difference.byRecording[is.recording].relabelledTo;
        } else if (was.part != is.part) {
            difference.moved.push_back({was, is});
            ++difference.byClass[is.label].moved;
            ++difference.byRecording[is.recording].moved;
        } else {
            ++difference.unchanged;
        }
    }
    return difference;
}

std::string differenceSentence(const WindowDifference &difference)
{
    if (difference.isEmpty())
        return "All " + std::to_string(difference.unchanged) + " windows are as they were, with the same labels in the same parts";
    std::string sentence;
    const auto tell = [&sentence](std::size_t count, const char *what) {
        if (count > 0)
            sentence += (sentence.empty() ? "" : ", ") + std::to_string(count) + (sentence.empty() ? count == 1 ? " window " : " windows " : " ") + what;
    };
    tell(difference.added.size(), "added");
    tell(difference.removed.size(), "removed");
    tell(difference.relabelled.size(), "relabelled");
    tell(difference.moved.size(), "in another part");
    return sentence + "; " + std::to_string(difference.unchanged) + " as they were";
}

} // namespace kino
