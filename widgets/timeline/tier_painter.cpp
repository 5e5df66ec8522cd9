#include "widgets/timeline/tier_painter.h"

#include <cmath>

namespace kino {
namespace {

/** An item narrower than this is a plain stroke of its colour. */
constexpr double kLeastLabelWidth = 3;
constexpr double kLeastTextWidth = 12;

QColor tinted(const QColor &colour, const QColor &ground, double share)
{
    const auto channel = [share](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
    return {channel(ground.red(), colour.red()), channel(ground.green(), colour.green()), channel(ground.blue(), colour.blue())};
}

void paintText(QPainter &painter, const QRectF &place, const QString &label, const Theme &theme)
{
    if (place.width() < kLeastTextWidth)
        return;
    painter.setPen(theme.text);
    const QString shown = painter.fontMetrics().elidedText(label, Qt::ElideRight, static_cast<int>(place.width()));
    if (shown.size() > 1 || shown == label) // an ellipsis alone says nothing
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, shown);
}

} // namespace

QRectF tierItemBox(const QRect &area, double left, double right)
{
    return {left, area.top() + 6.0, std::max(1.0, right - left - 1), area.height() - 13.0};
}

void paintTierItem(QPainter &painter, const QRectF &box, const QString &label, TierKind kind, const TierLook &look)
{
    const Theme &theme = look.theme;
    const QColor colour = kind == TierKind::text ? theme.dim : labelColour(theme, label, look.colours);
    if (box.width() < kLeastLabelWidth) {
        painter.fillRect(QRectF(box.left(), box.top(), std::max(1.0, box.width()), box.height()), colour);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(tinted(colour, theme.plot, theme.kind == ThemeKind::dark ? 0.30 : 0.24));
    painter.drawRoundedRect(box, 3, 3);
    const LabelLook::Fill fill = look.colours.contains(label) ? LabelLook::Fill::plain : labelLook(label).fill;
    if (kind == TierKind::label && fill != LabelLook::Fill::plain) {
        painter.setBrush(QBrush(tinted(colour, theme.plot, 0.55), fill == LabelLook::Fill::forwardHatch ? Qt::FDiagPattern : Qt::BDiagPattern));
        painter.drawRoundedRect(box, 3, 3);
    }
    painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour);
}

void paintTierItems(QPainter &painter, const TierData &tier, const QRect &area, TimeRange visible, const TierLook &look)
{
    const TimeAxis axis{visible, static_cast<double>(area.left()), static_cast<double>(area.width())};
    const auto [first, last] = tier.touching(visible);
    double drawnTo = area.left() - 1.0;
    for (std::size_t index = first; index < last; ++index) {
        const TierItem &item = tier.items[index];
        if (!look.hidden.isEmpty() && look.hidden.contains(item.id))
            continue;
        const double left = std::max(axis.xOf(item.range.start), area.left() - 8.0);
        const double right = std::min(axis.xOf(item.range.end), area.right() + 9.0);
        // Items that lie in a pixel already drawn would change nothing.
        if (right <= drawnTo && right - left < 1)
            continue;
        drawnTo = std::max(drawnTo, std::ceil(right));
        const QRectF box = tierItemBox(area, left, right);
        paintTierItem(painter, box, item.label, tier.kind, look);
        QRectF text = box.adjusted(9, 0, -4, 0).intersected(QRectF(area).adjusted(6, 0, 0, 0));
        if (tier.kind == TierKind::text) {
            // A remark about an instant is written beside it, as far as the next leaves room.
            const double next = index + 1 < tier.items.size() ? axis.xOf(tier.items[index + 1].range.start) : area.right() + 1.0;
            text.setLeft(std::max(box.left() + 6, area.left() + 6.0));
            text.setRight(std::max(text.right(), std::min(next - 6, area.right() + 1.0)));
        }
        paintText(painter, text, item.label, look.theme);
    }
}

} // namespace kino
