#include "widgets/annotate/label_swatch_delegate.h"

#include "widgets/annotate/annotation_list_model.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QPainter>

namespace kino {

void LabelSwatchDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem own = option;
    initStyleOption(&own, index);
    const QString text = own.text;
    own.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &own, painter, option.widget);
    const Theme &theme = themeOf(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(own.font);
    const QRect area = option.rect;
    if (m_kind == Kind::key) {
        if (!text.isEmpty()) {
            const QRectF cap(area.center().x() - 9, area.center().y() - 8, 18, 17);
            painter->setPen(QPen(theme.line, 1));
            painter->setBrush(theme.surface);
            painter->drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
            painter->setFont(smallFont(own.font));
            painter->setPen(theme.text);
            painter->drawText(cap, Qt::AlignCenter, text.toUpper());
        }
        painter->restore();
        return;
    }
    int left = area.left() + 6;
    if (!index.data(AnnotationListModel::isTextRole).toBool()) {
        const QString label = index.data(AnnotationListModel::labelRole).toString();
        const QVariant chosen = index.data(AnnotationListModel::colourRole);
        const QRectF swatch(left, area.center().y() - 5, 11, 11);
        const QColor colour = chosen.isValid() ? chosen.value<QColor>() : labelColour(theme, label);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawRoundedRect(swatch, 3, 3);
        // Beyond twelve names the same colours come again, hatched.
        const LabelLook::Fill fill = chosen.isValid() ? LabelLook::Fill::plain : labelLook(label).fill;
        if (fill != LabelLook::Fill::plain) {
            painter->setBrush(QBrush(theme.raised, fill == LabelLook::Fill::forwardHatch ? Qt::FDiagPattern : Qt::BDiagPattern));
            painter->drawRoundedRect(swatch, 3, 3);
        }
        left += 17;
    }
    const QRect place(left, area.top(), area.right() - left - 2, area.height());
    painter->setPen(theme.text);
    painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
    painter->restore();
}

} // namespace kino
