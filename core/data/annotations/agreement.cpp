#include "core/data/annotations/agreement.h"

#include "core/base/error.h"
#include "core/data/annotations/label_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace kino {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostFrames = 1e9;
constexpr double kMostFrameRateHz = 10'000;

struct Span {
    RecordingTime from, to;
};

Span comparedSpan(const AnnotationTier &a, const AnnotationTier &b, const AgreementOptions &options)
{
    std::optional<RecordingTime> first, last;
    for (const AnnotationTier *tier : {&a, &b}) {
        for (const Annotation &annotation : tier->annotations) {
            first = std::min(first.value_or(annotation.start), annotation.start);
            last = std::max(last.value_or(annotation.end), annotation.end);
        }
    }
    const Span span{options.from.value_or(first.value_or(RecordingTime{})),
                    options.to.value_or(last.value_or(RecordingTime{}))};
    if (span.to < span.from)
        throw Error("the time to be compared ends before it starts");
    return span;
}

/** Gapless stretches of one label each over the whole span; label 0 is "nothing". */
struct Stretch {
    RecordingTime end;
    std::size_t label = 0;
};

std::vector<Stretch> labelled(const AnnotationTier &tier, Span span, const std::map<std::string, std::size_t> &labels)
{
    std::vector<Stretch> stretches;
    RecordingTime at = span.from;
    for (const LabelStretch &stretch : flattened(tier.annotations)) {
        const RecordingTime start = std::clamp(stretch.start, span.from, span.to);
        const RecordingTime end = std::clamp(stretch.end, span.from, span.to);
        if (start == end)
            continue;
        if (start > at)
            stretches.push_back({start, 0});
        stretches.push_back({end, labels.at(tier.annotations[stretch.annotation].label)});
        at = end;
    }
    if (at < span.to)
        stretches.push_back({span.to, 0});
    return stretches;
}

/** How many frames stand before an instant. */
class FrameCounter {
public:
    FrameCounter(Span span, double rateHz) : m_from(span.from), m_rateHz(rateHz) { }

    std::int64_t before(RecordingTime time) const
    {
        const long double place = static_cast<long double>(time - m_from) * m_rateHz / kNanosPerSecond - 0.5L;
        return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(place)));
    }

private:
    RecordingTime m_from;
    double m_rateHz;
};

using Table = std::vector<std::vector<double>>;

/** Both annotators' time by pairs of labels, [A][B]: `measure(from, to)` of every stretch in which neither changes. */
template <class Measure>
Table crossed(const std::vector<Stretch> &a, const std::vector<Stretch> &b, Span span, std::size_t labels,
              const Measure &measure)
{
    Table table(labels, std::vector<double>(labels, 0));
    RecordingTime at = span.from;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const RecordingTime end = std::min(a[i].end, b[j].end);
        table[a[i].label][b[j].label] += measure(at, end);
        at = end;
        i += a[i].end == end;
        j += j < b.size() && b[j].end == end;
    }
    return table;
}

void leaveOut(Table &table, UnlabelledFrames unlabelled)
{
    if (unlabelled == UnlabelledFrames::asLabel)
        return;
    table[0][0] = 0;
    if (unlabelled == UnlabelledFrames::leaveOut) {
        for (std::size_t label = 0; label < table.size(); ++label)
            table[0][label] = table[label][0] = 0;
    }
}

void rate(Agreement &agreement, const Table &table)
{
    double same = 0, chance = 0, total = 0;
    for (std::size_t label = 0; label < table.size(); ++label) {
        double row = 0, column = 0;
        for (std::size_t other = 0; other < table.size(); ++other) {
            row += table[label][other];
            column += table[other][label];
        }
        same += table[label][label];
        total += row;
        chance += row * column;
    }
    agreement.total = total;
    agreement.observed = total > 0 ? same / total : kNan;
    agreement.expected = total > 0 ? chance / (total * total) : kNan;
    agreement.kappa
        = agreement.expected < 1 ? (agreement.observed - agreement.expected) / (1 - agreement.expected) : kNan;
}

} // namespace

Agreement computeAgreement(const AnnotationTier &a, const AnnotationTier &b, const AgreementOptions &options)
{
    if (!(options.frameRateHz >= 0 && options.frameRateHz <= kMostFrameRateHz))
        throw Error("agreement is counted on 0 (exact durations) to 10000 frames a second");
    const Span span = comparedSpan(a, b, options);
    if (toSeconds(span.to - span.from) * options.frameRateHz > kMostFrames)
        throw Error(
            "these annotations span too many frames to be compared; choose a lower frame rate or a shorter time");

    // An annotation whose text is empty says nothing, so "" and silence are one.
    std::map<std::string, std::size_t> places{{"", 0}};
    for (const AnnotationTier *tier : {&a, &b}) {
        for (const Annotation &annotation : tier->annotations)
            places.emplace(annotation.label, 0);
    }
    std::vector<std::string> names;
    for (auto &[name, place] : places) {
        place = names.size();
        names.push_back(name);
    }
    const std::vector<Stretch> saysA = labelled(a, span, places);
    const std::vector<Stretch> saysB = labelled(b, span, places);
    const Table seconds = crossed(saysA, saysB, span, names.size(),
                                  [](RecordingTime from, RecordingTime to) { return toSeconds(to - from); });

    Agreement agreement;
    agreement.from = span.from;
    agreement.to = span.to;
    for (std::size_t label = 1; label < names.size(); ++label) {
        LabelAgreement one{names[label], 0, 0, seconds[label][label], kNan};
        for (std::size_t other = 0; other < names.size(); ++other) {
            one.secondsA += seconds[label][other];
            one.secondsB += seconds[other][label];
        }
        if (one.secondsA + one.secondsB > 0)
            one.specific = 2 * one.secondsBoth / (one.secondsA + one.secondsB);
        agreement.perLabel.push_back(std::move(one));
    }

    const FrameCounter frames(span, options.frameRateHz);
    Table table = options.frameRateHz == 0
        ? seconds
        : crossed(saysA, saysB, span, names.size(), [&](RecordingTime from, RecordingTime to) {
              return static_cast<double>(frames.before(to) - frames.before(from));
          });
    leaveOut(table, options.unlabelled);
    rate(agreement, table);
    // "Nothing" has a row where it may count, and where either said it.
    bool hasNothing = false;
    for (std::size_t label = 0; label < table.size(); ++label)
        hasNothing |= table[0][label] > 0 || table[label][0] > 0;
    const std::size_t first = hasNothing ? 0 : 1;
    agreement.labels.assign(names.begin() + static_cast<std::ptrdiff_t>(first), names.end());
    for (std::size_t label = first; label < names.size(); ++label)
        agreement.confusion.emplace_back(table[label].begin() + static_cast<std::ptrdiff_t>(first), table[label].end());
    return agreement;
}

} // namespace kino
