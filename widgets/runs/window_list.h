// Windows that runs were tested on, as rows that somebody else has filtered and put into order: thousands cost nothing until they are
// seen. Activated (Enter, double click), a row wants to be shown. GUI thread, but for WindowListData, which is a value.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <QTreeView>

#include <cstdint>
#include <memory>
#include <vector>

namespace kino {

/** Texts are places in the lists of names. */
struct WindowListRow {
    /** By which whoever made the list knows it. */
    std::uint32_t window = 0;
    std::uint32_t recording = 0;
    std::uint32_t device = 0;
    std::uint32_t label = 0;
    std::uint32_t predicted = 0;
    qint64 startNs = 0;
    double confidence = 0;
    qint64 seed = 0;
    qint64 run = 0;
};

/** Immutable. */
struct WindowListData {
    QStringList recordings;
    QStringList subjects; // as recordings
    QStringList devices;
    QStringList classes;
    qint64 lengthNs = 0; // 0: unknown
    /** They are of several runs: which one is told then. */
    bool hasRuns = false;
    std::vector<WindowListRow> rows; // in the order in which they are listed
};

class WindowListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { recording, subject, device, start, length, label, predicted, confidence, seed, run, columns };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::shared_ptr<const WindowListData> data);
    const WindowListData &list() const { return *m_data; }
    QString textOf(const WindowListRow &row, int column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const WindowListData> m_data = std::make_shared<const WindowListData>();
};

class WindowListView : public QTreeView {
    Q_OBJECT

public:
    explicit WindowListView(QWidget *parent = nullptr);

    /** The first row becomes the current one. */
    void setRows(std::shared_ptr<const WindowListData> data);
    WindowListModel &windows() { return *m_model; }
    /** What stands in the middle while there are none. */
    void setEmptyText(const QString &text);
    /** The rows that are selected, all where none is, with their titles: tabulators between columns. */
    QString asText() const;
    /** Of the row that is current; nullptr where none is. */
    const WindowListRow *current() const;

Q_SIGNALS:
    void wanted(const WindowListRow &row);
    void sortRequested(int column, Qt::SortOrder order);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fitColumns();
    void copyRows() const;
    void wantCurrent();

    WindowListModel *m_model;
    QString m_emptyText;
    bool m_isFitted = false;
};

} // namespace kino
