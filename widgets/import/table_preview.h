// The first rows of a text file, as they stand in it or as they are read. Columns are chosen by their heads. GUI thread.
#pragma once

#include "core/data/profile/preview.h"

#include <QAbstractTableModel>
#include <QTableView>

#include <memory>
#include <vector>

namespace kino {

enum class PreviewMode { asInFile, asRead };

class TablePreviewModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setPreview(std::shared_ptr<const TablePreview> preview);
    const std::shared_ptr<const TablePreview> &preview() const { return m_preview; }
    void setMode(PreviewMode mode);
    PreviewMode mode() const { return m_mode; }
    /** What each column is ("accelerometer x, g"), shown below its name; an empty one is not used. */
    void setMeanings(const QStringList &meanings);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const TablePreview> m_preview;
    QStringList m_meanings;
    PreviewMode m_mode = PreviewMode::asInFile;
};

class TablePreviewView : public QTableView {
    Q_OBJECT

public:
    explicit TablePreviewView(QWidget *parent = nullptr);

    void setPreview(std::shared_ptr<const TablePreview> preview);
    TablePreviewModel &previewModel() { return m_model; }
    void setMode(PreviewMode mode);
    /** See TablePreviewModel; columns of a new table take the width of what they are. */
    void setMeanings(const QStringList &meanings);
    /** Marks these columns; tells nobody. */
    void setChosenColumns(const std::vector<int> &columns);
    void showColumn(int column);

Q_SIGNALS:
    /** The person chose columns by their heads or cells. */
    void columnsChosen(const std::vector<int> &columns);

private:
    class Head;
    class Delegate;

    void fitColumns();

    TablePreviewModel m_model;
    bool m_isSetting = false;
    bool m_isFitted = false;
};

} // namespace kino
