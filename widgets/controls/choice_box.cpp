#include "widgets/controls/choice_box.h"

#include <QHelpEvent>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QToolTip>

namespace kino {
namespace {

constexpr int kLeastWidth = 64;
constexpr int kSpareWidth = 4;

} // namespace

ChoiceBox::ChoiceBox(const QString &name, QWidget *parent) : QComboBox(parent)
{
    setAccessibleName(name);
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

// The style sheet's padding counts once more than the style knows.
QSize ChoiceBox::sizeHint() const { return QComboBox::sizeHint() + QSize(kSpareWidth, 0); }

QSize ChoiceBox::minimumSizeHint() const { return {std::min(kLeastWidth, sizeHint().width()), QComboBox::minimumSizeHint().height()}; }

QString ChoiceBox::shownText() const
{
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const QRect field = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    // Styles draw the text a pixel inside the field.
    return fontMetrics().elidedText(currentText(), Qt::ElideRight, field.width() - 2);
}

void ChoiceBox::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    option.currentText = shownText();
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

bool ChoiceBox::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QComboBox::event(event);
    const QString tip = toolTip().isEmpty() ? accessibleName() + QStringLiteral(": ") + currentText() : toolTip();
    QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), tip, this);
    return true;
}

} // namespace kino
