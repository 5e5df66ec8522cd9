// The annotations of one tier as rows: start, length, label. Tens of thousands are no more work than a screenful: an edit
// changes the rows that it touches. GUI thread.
#pragma once

#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/tier_data.h"

#include <QAbstractTableModel>

namespace kino {

class AnnotationListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { startColumn, lengthColumn, labelColumn, columns };
    /** QString and, where a person chose one, QColor: see LabelSwatchDelegate. */
    enum Role { labelRole = Qt::UserRole, colourRole, isTextRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setTier(std::shared_ptr<const TierData> tier);
    void setColours(const LabelColours &colours);
    AnnotationId idAt(int row) const;
    /** Rows of these, in one pass; ascending. */
    std::vector<int> rowsOf(const std::vector<AnnotationId> &ids) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const TierData> m_tier;
    LabelColours m_colours;
};

} // namespace kino
