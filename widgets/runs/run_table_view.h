// The table of runs: those that are selected are the chosen ones and carry the colours of their curves. GUI thread.
#pragma once

#include "widgets/runs/run_table_model.h"

#include <QTreeView>

#include <vector>

namespace kino {

/** A run and the colour that it keeps as long as it is chosen. */
struct ChosenRun {
    qint64 id = 0;
    /** As curvePen() takes it. */
    int place = 0;
    friend bool operator==(const ChosenRun &, const ChosenRun &) = default;
};

class RunTableView : public QTreeView {
    Q_OBJECT

public:
    /** More curves than this nobody can tell apart. */
    static constexpr std::size_t kMostChosen = 24;

    explicit RunTableView(QWidget *parent = nullptr);

    RunTableModel &runs() { return *m_model; }
    /** What becomes of chosen runs that a table has not: they are gone, or only filtered out and stay chosen. */
    enum class Missing { forgotten, kept };
    /** The same runs stay chosen. */
    void setTable(std::shared_ptr<const RunTableData> table, Missing missing = Missing::forgotten);
    void setGrouping(const QString &column);
    /** What stands in the middle while there are no runs. */
    void setEmptyText(const QString &text);

    /** In the order in which they were chosen; with those that are filtered out. */
    const std::vector<ChosenRun> &chosen() const { return m_chosen; }
    /** -1 where it is not chosen. */
    int placeOf(qint64 id) const;
    void choose(const std::vector<qint64> &ids);

Q_SIGNALS:
    void chosenChanged();
    void starToggled(qint64 id, bool on);
    void menuRequested(const QPoint &globalPlace);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    QItemSelectionModel::SelectionFlags selectionCommand(const QModelIndex &index, const QEvent *event) const override;

private:
    class Delegate;
    void takeSelection();
    void showColumns();
    void fitNames();

    RunTableModel *m_model;
    std::vector<ChosenRun> m_chosen;
    QString m_emptyText;
    bool m_isRestoring = false;
    /** The person has set the width of names. */
    bool m_areNamesSet = false, m_isFitting = false;
    /** Chosen runs that are not in the table stay chosen, until others are chosen in their place. */
    mutable bool m_keepsMissing = false;
    std::size_t m_columns = 0;
};

} // namespace kino
