#include "core/data/table/row_times.h"

#include "core/data/profile/sidecars.h"
#include "core/data/table/wall_time.h"
#include "core/signal/timing.h"

namespace kino {
namespace {

Nanos ticksToNanos(long double ticks, double rateHz)
{
    return static_cast<Nanos>(std::llround(ticks * 1e9L / static_cast<long double>(rateHz)));
}

/** Times of rows without a time column: the place of a lost row stays empty. */
std::vector<Nanos> evenTimes(const Table &table, std::size_t samplesBefore, double rateHz)
{
    std::vector<Nanos> times(table.rows);
    std::size_t lost = 0;
    std::size_t run = 0;
    for (std::size_t row = 0; row < table.rows; ++row) {
        for (; run < table.lostSamples.size() && table.lostSamples[run].row <= row; ++run)
            lost += table.lostSamples[run].count;
        times[row] = ticksToNanos(static_cast<long double>(samplesBefore + row + lost), rateHz);
    }
    return times;
}

std::vector<Nanos> counterTimes(std::span<const std::int64_t> thousandths, const TimeSpec &spec)
{
    std::vector<Nanos> times(thousandths.size());
    const std::int64_t wrap = spec.wrapsAt * 1000;
    std::int64_t turned = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        // A counter that falls by more than half its range began again; less is a row out of order.
        if (wrap != 0 && i > 0 && thousandths[i - 1] - thousandths[i] > wrap / 2)
            turned += wrap;
        times[i] = ticksToNanos(static_cast<long double>(thousandths[i] + turned) / 1000, spec.unit.rateHz);
    }
    return times;
}

ReportRow note(Severity severity, std::string code, std::size_t count, std::string message)
{
    return {severity, {}, 0, std::move(code), static_cast<std::int64_t>(count), std::move(message)};
}

void anchor(const TimeSpec &spec, const Captures &captures, RowTimes &times)
{
    const auto wall = parseTime(fillIn(spec.anchorWall, captures), spec.anchorWallUnit, spec.utcOffsetNs);
    const std::string at = fillIn(spec.anchorOwn, captures);
    const auto own = spec.anchorOwn.empty() ? std::optional<Nanos>(0) : parseTime(at, spec.unit);
    if (wall && own)
        times.toUnixNs = *wall - *own;
    else
        times.report.push_back(note(Severity::info, "no-wall-clock", 1,
                                    "the wall clock of the recording is not known: the file that should say it has no "
                                    "such time"));
}

} // namespace

RowTimes computeRowTimes(const RowTimeInput &input, const TimeSpec &spec, const Captures &captures)
{
    RowTimes times;
    const Table &table = *input.table;
    if (!input.cell) {
        times.timesNs = evenTimes(table, input.samplesBefore, spec.unit.rateHz);
        times.report.push_back(note(Severity::info, "even-times", table.rows,
                                    "the file has no times; rows were spaced evenly at "
                                        + nlohmann::json(spec.unit.rateHz).dump() + " Hz as the profile says"));
    } else if (spec.unit.form == TimeUnit::Form::samples) {
        times.timesNs = counterTimes(table.wholes[*input.cell], spec);
        times.report.push_back(note(Severity::info, "even-times", table.rows,
                                    "times are sample numbers divided by "
                                        + nlohmann::json(spec.unit.rateHz).dump() + " Hz as the profile says"));
    } else if (table.zonelessTimes > 0 && spec.utcOffsetNs != 0) {
        std::vector<Nanos> shifted(table.wholes[*input.cell].begin(), table.wholes[*input.cell].end());
        for (Nanos &time : shifted)
            time -= spec.utcOffsetNs;
        times.timesNs = std::move(shifted);
    } else {
        times.timesNs = table.wholes[*input.cell];
    }
    if (table.zonelessTimes > 0 && !spec.utcOffsetKnown)
        times.report.push_back(note(Severity::warning, "time-zone", table.zonelessTimes,
                                    "the times name no time zone; they were taken as UTC (say \"utc_offset\" in the "
                                    "profile if they are not)"));
    switch (spec.epoch) {
    case TimeEpoch::relative: break;
    case TimeEpoch::unixTime: times.toUnixNs = 0; break;
    case TimeEpoch::anchored: anchor(spec, captures, times); break;
    }
    return times;
}

std::optional<GapsText> describeGaps(std::span<const Nanos> timesNs)
{
    Nanos longest = 0;
    for (std::size_t i = 1; i < timesNs.size(); ++i)
        longest = std::max(longest, timesNs[i] - timesNs[i - 1]);
    // No gap is shorter than this (timing.h): most recordings need no second look.
    if (longest <= 100 * kNanosPerMillisecond)
        return std::nullopt;
    const TimingSummary timing = summariseTiming(timesNs);
    if (timing.gaps.empty())
        return std::nullopt;
    const TimeGap *widest = &timing.gaps.front();
    for (const TimeGap &gap : timing.gaps) {
        if (gap.toNs - gap.fromNs > widest->toNs - widest->fromNs)
            widest = &gap;
    }
    return GapsText{timing.gaps.size(), counted(timing.gaps.size(), "gap") + " in the times; the longest lasts "
                                            + secondsText(widest->toNs - widest->fromNs) + ", "
                                            + secondsText(widest->fromNs - timesNs.front()) + " after the first sample"};
}

std::string counted(std::size_t count, const std::string &what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string secondsText(Nanos ns)
{
    const Nanos milliseconds = (ns + (ns < 0 ? -500'000 : 500'000)) / 1'000'000;
    const Nanos magnitude = milliseconds < 0 ? -milliseconds : milliseconds;
    std::string text = milliseconds < 0 ? "-" : "";
    text += std::to_string(magnitude / 1000);
    text += '.';
    text += std::to_string(1000 + magnitude % 1000).substr(1);
    text += " s";
    return text;
}

} // namespace kino
