// Before a run is done again on today's labels: which windows it would have that it had not, which it had and would not, and which would
// have another label or part. GUI thread; the windows are cut beside it.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/jobs/queue/windows_today.h"
#include "widgets/controls/details_view.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace kino {

/** The difference, section by section: parts, classes, recordings, examples. */
std::vector<DetailSection> differenceSections(const WindowDifference &difference);

class RepeatDialog : public QDialog {
    Q_OBJECT

public:
    RepeatDialog(std::filesystem::path project, JobDetail run, TaskRunner &runner, QWidget *parent = nullptr);

    QLabel &sentence() { return *m_sentence; }
    DetailsView &facts() { return *m_facts; }
    QPushButton &submitButton() { return *m_submit; }
    bool isSettled() const { return !m_line->isBusy(); }

Q_SIGNALS:
    /** `note`: "Run 7 again, on the labels of today: 12 windows added, …". */
    void repeatWanted(qint64 run, const QString &note);
    void settledChanged();

private:
    void take(const WindowsToday &today);

    qint64 m_run;
    QString m_note;
    QLabel *m_sentence;
    DetailsView *m_facts;
    QPushButton *m_submit;
    TaskLine *m_line;
};

} // namespace kino
