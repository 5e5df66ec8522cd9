#include "core/store/overview_json.h"

#include "core/base/error.h"

#include <limits>

namespace kino {
namespace {

using Json = nlohmann::json;

/** JSON has no NaN: null stands for it. */
double realFrom(const Json &value)
{
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::vector<double> realsFrom(const Json &list)
{
    std::vector<double> values;
    for (const Json &value : list)
        values.push_back(realFrom(value));
    return values;
}

} // namespace

std::string summaryToJson(const StreamSummary &summary)
{
    Json gaps = Json::array();
    for (const TimeGap &gap : summary.timing.gaps)
        gaps.push_back({gap.fromNs, gap.toNs, gap.sampleBefore});
    const Json document{{"samples", summary.timing.samples},
                        {"rate_hz", summary.timing.rateHz},
                        {"median_period_ns", summary.timing.medianPeriodNs},
                        {"jitter_ns", summary.timing.jitterNs},
                        {"gaps", std::move(gaps)},
                        {"duplicate_times", summary.timing.duplicateTimes},
                        {"backward_times", summary.timing.backwardTimes},
                        {"nan", summary.nanValues},
                        {"clipped", summary.clippedSamples},
                        {"repeated_samples", summary.repeatedSamples},
                        {"at_rest", summary.magnitudeAtRest},
                        {"min", summary.min},
                        {"max", summary.max},
                        {"mean", summary.mean},
                        {"first", summary.first},
                        {"last", summary.last}};
    return document.dump();
}

StreamSummary summaryFromJson(const std::string &text)
{
    try {
        const Json document = Json::parse(text);
        StreamSummary summary;
        summary.timing.samples = document.at("samples");
        summary.timing.rateHz = realFrom(document.at("rate_hz"));
        summary.timing.medianPeriodNs = document.at("median_period_ns");
        summary.timing.jitterNs = realFrom(document.at("jitter_ns"));
        for (const Json &gap : document.at("gaps"))
            summary.timing.gaps.push_back({gap.at(0), gap.at(1), gap.at(2)});
        summary.timing.duplicateTimes = document.at("duplicate_times");
        summary.timing.backwardTimes = document.at("backward_times");
        summary.nanValues = document.at("nan");
        summary.clippedSamples = document.at("clipped");
        summary.repeatedSamples = document.at("repeated_samples");
        summary.magnitudeAtRest = realFrom(document.at("at_rest"));
        summary.min = realsFrom(document.at("min"));
        summary.max = realsFrom(document.at("max"));
        summary.mean = realsFrom(document.at("mean"));
        summary.first = realsFrom(document.at("first"));
        summary.last = realsFrom(document.at("last"));
        return summary;
    } catch (const Json::exception &) {
        throw Error("a stream's numbers in the project are damaged; import the recording again");
    }
}

std::string pointsToJson(const std::vector<ClockPoint> &points)
{
    Json list = Json::array();
    for (const ClockPoint &point : points)
        list.push_back({point.ownNs, point.recording.ns});
    return list.dump();
}

std::vector<ClockPoint> pointsFromJson(const std::string &text)
{
    try {
        std::vector<ClockPoint> points;
        for (const Json &point : Json::parse(text))
            points.push_back({point.at(0), {point.at(1)}});
        return points;
    } catch (const Json::exception &) {
        throw Error("the points of a clock in the project are damaged; set the clock again");
    }
}

} // namespace kino
