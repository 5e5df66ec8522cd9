// The table of runs with its filter, its columns and its groups. GUI thread.
#pragma once

#include "app/kinoscope/experiments/job_feed.h"
#include "widgets/runs/run_table_view.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QMenu;
class QToolButton;

namespace kino {

class ChoiceBox;
class MarkedSentence;
class PanelHead;

class RunsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RunsPanel(JobFeed &feed, QWidget *parent = nullptr);

    /** Its controls stand in the panel's head; `actions` behind its last button. */
    void fillHead(PanelHead &head, const QList<QAction *> &exports);

    RunTableView &view() { return *m_view; }
    QLineEdit &filter() { return *m_filter; }
    ChoiceBox &grouping() { return *m_grouping; }
    QToolButton &ofStudies() { return *m_ofStudies; }
    QMenu &columns() { return *m_columns; }
    QString fault() const;
    enum class SeedInName { shown, left };
    /** Of the chosen runs, by id; of those that share a name "seed 3, …". Without the seed, repetitions have one name. */
    QHash<qint64, QString> names(SeedInName seed = SeedInName::shown) const;
    /** As soon as it is in the table. */
    void chooseSoon(qint64 id);
    bool isSettled() const { return !m_ask.isActive(); }

private:
    void ask();
    void showTable();
    void group();
    void noteNames();
    void showColumns();
    void toggleColumn(QStringList &columns, const QString &key, const QString &name, bool on);

    JobFeed &m_feed;
    RunTableView *m_view;
    QLineEdit *m_filter;
    ChoiceBox *m_grouping;
    QToolButton *m_ofStudies;
    QToolButton *m_columnsButton;
    QMenu *m_columns;
    QToolButton *m_export;
    MarkedSentence *m_fault;
    QStringList m_parameters;
    QStringList m_metrics;
    QHash<qint64, QString> m_names;
    QTimer m_ask;
    qint64 m_wanted = 0;
    std::filesystem::path m_project;
    bool m_isFresh = true; // nothing was chosen in this project yet
};

} // namespace kino
