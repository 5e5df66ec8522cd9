// A rounded button of text, for a choice or a menu in a panel's head.
#pragma once

#include <QString>

class QToolButton;
class QWidget;

namespace kino {

QToolButton *makeChip(const QString &text, const QString &tip, QWidget *parent);

} // namespace kino
