// Facts, quality and import report of the session's recording, and the statistics of what is selected. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/controls/details_view.h"

#include <QTimer>

namespace kino {

class Session;

class DetailsPanel : public QWidget {
    Q_OBJECT

public:
    DetailsPanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    DetailsView &view() { return *m_view; }

private:
    QTimer m_followEdits;
    void showRecording();
    void goTo(const QString &target);
    void askStatistics();
    void compose();

    Session &m_session;
    TaskLine m_line;
    DetailsView *m_view;
    std::vector<DetailSection> m_facts;
    std::size_t m_factsBeforeSelection = 0;
    std::vector<DetailSection> m_selected;
};

} // namespace kino
