#include "widgets/controls/elided_label.h"

#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace kino {
namespace {

const QString kPartSeparator = QStringLiteral("   ");

} // namespace

ElidedLabel::ElidedLabel(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    const bool resizes = text.size() != m_text.size();
    m_text = text;
    setAccessibleDescription(text);
    if (resizes)
        updateGeometry();
    update();
}

QSize ElidedLabel::sizeHint() const { return {static_cast<int>(tabularWidth(font(), m_text)) + 2, fontMetrics().height() + 4}; }

bool ElidedLabel::event(QEvent *event)
{
    // Asked for when it is needed: the text may change sixty times a second.
    if (event->type() == QEvent::ToolTip && tabularWidth(font(), m_text) > width()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), m_text, this);
        return true;
    }
    return QWidget::event(event);
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(themeOf(palette()).dim);
    QString shown = m_text;
    if (tabularWidth(font(), shown) > width()) {
        // Whole parts give way first: half a number would be a wrong one.
        QStringList parts = m_text.split(kPartSeparator);
        do {
            parts.removeLast();
            shown = parts.isEmpty() ? QString() : parts.join(kPartSeparator) + QStringLiteral(" \u2026");
        } while (!parts.isEmpty() && tabularWidth(font(), shown) > width());
    }
    drawTabular(painter, rect(), shown == m_text ? Qt::AlignRight : Qt::AlignLeft, shown);
}

} // namespace kino
