// One job, all of it: state and result, how it was made, its log, its specification. GUI thread.
#pragma once

#include "app/kinoscope/experiments/job_feed.h"
#include "widgets/controls/details_view.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTabWidget;

namespace kino {

/** What is said of a run, section by section. */
std::vector<DetailSection> runSections(const RunDetailState &state);

class RunDetailPanel : public QWidget {
    Q_OBJECT

public:
    explicit RunDetailPanel(JobFeed &feed, QWidget *parent = nullptr);

    DetailsView &facts() { return *m_facts; }
    QPlainTextEdit &log() { return *m_log; }
    QPlainTextEdit &specification() { return *m_specification; }

Q_SIGNALS:
    /** A parent or a child of it. */
    void jobWanted(qint64 id);
    /** The runs of a cell of a study, and what they took for what. */
    void cellWanted(qint64 study, qint64 cell);
    /** What is behind a score of the run. */
    void confusionWanted();

private:
    void show(const RunDetailState *state);

    DetailsView *m_facts;
    QPlainTextEdit *m_log;
    QPlainTextEdit *m_specification;
    QTabWidget *m_tabs;
    QLabel *m_empty;
};

} // namespace kino
