#include "widgets/controls/chip_button.h"

#include <QToolButton>

namespace kino {

QToolButton *makeChip(const QString &text, const QString &tip, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(tip);
    button->setProperty("look", QStringLiteral("chip"));
    return button;
}

} // namespace kino
