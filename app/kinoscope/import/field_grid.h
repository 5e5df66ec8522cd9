// Rows of fields with their names, as the import form has them.
#pragma once

#include <QGridLayout>
#include <QLabel>
#include <QWidget>

namespace kino {

/** Rows of two fields, each behind its name. */
class FieldGrid {
public:
    explicit FieldGrid(QWidget *parent) : m_part(new QWidget(parent)), m_grid(new QGridLayout(m_part))
    {
        m_grid->setContentsMargins(0, 0, 0, 0);
        m_grid->setHorizontalSpacing(8);
        m_grid->setVerticalSpacing(4);
        m_grid->setColumnStretch(1, 1);
        m_grid->setColumnStretch(3, 1);
    }

    QWidget *part() const { return m_part; }

    /** In the left (0) or right (1) half of a row; gives the label. */
    QLabel *add(int row, int half, const QString &name, QWidget *field)
    {
        m_grid->addWidget(field, row, 2 * half + 1);
        return addLabel(row, half, name, field);
    }
    QLabel *addWide(int row, const QString &name, QWidget *field)
    {
        m_grid->addWidget(field, row, 1, 1, 3);
        return addLabel(row, 0, name, field);
    }

private:
    QLabel *addLabel(int row, int half, const QString &name, QWidget *field)
    {
        auto *label = new QLabel(name, m_part);
        label->setProperty("role", QStringLiteral("dim"));
        label->setBuddy(field);
        field->setAccessibleName(QString(name).remove(QLatin1Char('&')));
        m_grid->addWidget(label, row, 2 * half);
        return label;
    }

    QWidget *m_part;
    QGridLayout *m_grid;
};

} // namespace kino
