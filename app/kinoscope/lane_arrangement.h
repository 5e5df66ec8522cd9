// Which lanes a person wants to see, and in which order: by the streams' names, so that it holds for every recording
// with streams of these names, and for the next start. Knows no widget; plain data.
#pragma once

#include "widgets/timeline/lane_data.h"

#include <QByteArray>

#include <map>

namespace kino {

using Lanes = std::vector<std::shared_ptr<const LaneData>>;

struct ArrangedLanes {
    Lanes shown;
    /** Folded away, to be unfolded together. */
    Lanes folded;
};

class LaneArrangement {
public:
    /** Side streams (exposure, white balance) are folded away until somebody asks, as long as there are others. */
    ArrangedLanes arrange(const Lanes &lanes) const;

    void setShown(const QString &id, bool shown);
    /** Puts the lane before the `position`th of `lanes`' shown ones, counted without itself. */
    void move(const Lanes &lanes, const QString &id, std::size_t position);

    bool isUsual() const { return m_shown.empty() && m_order.empty(); }
    void reset() { *this = {}; }
    QByteArray save() const;
    /** What cannot be read leaves the usual arrangement. */
    static LaneArrangement restored(const QByteArray &json);

private:
    std::map<QString, bool> m_shown; // only what differs from the rule above
    QStringList m_order;
};

} // namespace kino
