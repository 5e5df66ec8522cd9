#include "core/data/clocks/clock_json.h"

namespace kino {

nlohmann::ordered_json clockOriginJson(const std::optional<ClockEvidence> &evidence)
{
    using Json = nlohmann::ordered_json;
    if (!evidence)
        return {{"origin", "as imported"}};
    Json points = Json::array();
    for (const ClockPoint &point : evidence->points)
        points.push_back({{"own_ns", point.ownNs}, {"recording_ns", point.recording.ns}});
    return {{"origin", "set by hand"},
            {"method", clockMethodName(evidence->method)},
            {"set_at_ns", evidence->setAtNs},
            {"points", std::move(points)}};
}

} // namespace kino
