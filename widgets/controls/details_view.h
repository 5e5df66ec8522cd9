// Facts in sections: a name on the left, a value on the right, a mark where one is due. Painted, so that a thousand rows
// cost nothing until they are seen. GUI thread.
#pragma once

#include "widgets/controls/status_mark.h"

#include <QScrollArea>
#include <QString>

#include <vector>

namespace kino {

struct DetailRow {
    QString label;
    /** Right-aligned; several values make columns of equal width. */
    QStringList values;
    Mark mark = Mark::none;
    /** "x", "y", "z": a dot in the axis' colour. */
    QString axis;
    QString tip;
    bool isHeading = false; // of columns, dim; without values of the rows below, strong
    /** The label may take several lines and no value stands beside it. */
    bool isSentence = false;
    /** Stands in for the value where the name would have to be cut. */
    QString shortValue = {};
    /** A word for whoever listens to rowActivated(); rows with one can be clicked. */
    QString target = {};
};

struct DetailSection {
    QString title; // empty: the panel's own says it
    std::vector<DetailRow> rows;
};

class DetailsView : public QScrollArea {
    Q_OBJECT

public:
    explicit DetailsView(QWidget *parent = nullptr);
    void setSections(std::vector<DetailSection> sections);
    const std::vector<DetailSection> &sections() const;
    /** All of it as lines of text with tabulators. */
    QString asText() const;

    QSize sizeHint() const override { return {276, 400}; }

Q_SIGNALS:
    /** A row with a target was clicked, or Enter was pressed on it. */
    void rowActivated(const QString &target);

private:
    class Sheet;
    Sheet *m_sheet;
};

} // namespace kino
