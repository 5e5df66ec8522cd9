#include "app/kinoscope/lane_arrangement.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace kino {
namespace {

/** More names than any person arranges by hand: a damaged file must not grow without end. */
constexpr qsizetype kMostNames = 1000;

} // namespace

ArrangedLanes LaneArrangement::arrange(const Lanes &lanes) const
{
    Lanes ordered = lanes;
    // Lanes that nobody placed keep their order, after those that somebody did.
    std::ranges::stable_sort(ordered, {}, [this](const auto &lane) {
        const qsizetype place = m_order.indexOf(lane->id);
        return place < 0 ? m_order.size() : place;
    });
    ArrangedLanes arranged;
    const bool allAreSide = std::ranges::all_of(lanes, [](const auto &lane) { return lane->isSide; });
    for (const auto &lane : ordered) {
        const auto wish = m_shown.find(lane->id);
        const bool isShown = wish != m_shown.end() ? wish->second : !lane->isSide || allAreSide;
        (isShown ? arranged.shown : arranged.folded).push_back(lane);
    }
    return arranged;
}

void LaneArrangement::setShown(const QString &id, bool shown) { m_shown[id] = shown; }

void LaneArrangement::move(const Lanes &lanes, const QString &id, std::size_t position)
{
    const ArrangedLanes now = arrange(lanes);
    QStringList order;
    for (const auto &lane : now.shown) {
        if (lane->id != id)
            order += lane->id;
    }
    order.insert(static_cast<qsizetype>(std::min(position, static_cast<std::size_t>(order.size()))), id);
    for (const auto &lane : now.folded) {
        if (lane->id != id)
            order += lane->id;
    }
    // What other recordings' lanes were given stays, behind these.
    for (const QString &other : m_order) {
        if (!order.contains(other) && order.size() < kMostNames)
            order += other;
    }
    m_order = order;
}

QByteArray LaneArrangement::save() const
{
    QJsonObject shown;
    for (const auto &[id, isShown] : m_shown)
        shown[id] = isShown;
    return QJsonDocument(QJsonObject{{QStringLiteral("shown"), shown}, {QStringLiteral("order"), QJsonArray::fromStringList(m_order)}}).toJson(QJsonDocument::Compact);
}

LaneArrangement LaneArrangement::restored(const QByteArray &json)
{
    LaneArrangement arrangement;
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QJsonObject shown = object.value(QStringLiteral("shown")).toObject();
    for (auto each = shown.begin(); each != shown.end() && arrangement.m_shown.size() < kMostNames; ++each) {
        if (each.value().isBool())
            arrangement.m_shown[each.key()] = each.value().toBool();
    }
    for (const QJsonValue &id : object.value(QStringLiteral("order")).toArray()) {
        if (id.isString() && !arrangement.m_order.contains(id.toString()) && arrangement.m_order.size() < kMostNames)
            arrangement.m_order += id.toString();
    }
    return arrangement;
}

} // namespace kino
