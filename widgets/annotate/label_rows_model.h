// The labels of a vocabulary, and others that are in use beside it, with key, count and time. GUI thread.
#pragma once

#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/tier_data.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace kino {

struct LabelRow {
    QString label;
    QString key;
    QColor colour; // invalid: follows from the name
    int count = 0;
    Nanos duration = 0;
    bool isInSet = true;
    friend bool operator==(const LabelRow &, const LabelRow &) = default;
};

class LabelRowsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { labelColumn, keyColumn, countColumn, timeColumn, columns };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<LabelRow> rows);
    const std::vector<LabelRow> &rows() const { return m_rows; }
    /** What is drawn with is bold; what is open is marked. */
    void setCurrent(const QString &label, bool isOpen);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<LabelRow> m_rows;
    QString m_current;
    bool m_isOpen = false;
};

/** Counts and times by label; `known` come first, in their order, whether they occur or not. */
std::vector<LabelRow> countLabels(const TierData *tier, std::vector<LabelRow> known);

} // namespace kino
