// Paints a label in a list: its colour, its name, and where a column is for keys, the key as a cap. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace kino {

class LabelSwatchDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum class Kind { label, key };
    LabelSwatchDelegate(Kind kind, QObject *parent) : QStyledItemDelegate(parent), m_kind(kind) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Kind m_kind;
};

} // namespace kino
