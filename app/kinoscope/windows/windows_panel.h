// "Windows": the rule by which windows are cut, and what it would give: on the timeline while the panel is wanted, in
// numbers for the shown recording, and on demand for all. Nothing is cut on the GUI thread. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "app/kinoscope/windows/project_count.h"
#include "app/kinoscope/windows/rule_form.h"
#include "widgets/timeline/window_rows.h"

#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace kino {

class Commands;
class CountsView;
class Library;
class PanelHead;
class Session;

/** Whose windows are counted. */
enum class CountScope { recording, all };

class WindowsPanel : public QWidget {
    Q_OBJECT

public:
    WindowsPanel(Session &session, Library &library, Commands &commands, TaskRunner &runner, QWidget *parent = nullptr);
    ~WindowsPanel() override;

    PanelHead *head() { return m_head; }
    RuleForm &form() { return *m_form; }
    CountsView &counts() { return *m_counts; }
    /** Windows are cut only while the panel is wanted. */
    void setActive(bool active);
    /** Colours that a person has chosen for labels. */
    void setLabelColours(const LabelColours &colours);
    /** What is shown on the timeline; nullptr while there is nothing to show. */
    const std::shared_ptr<const WindowRows> &windows() const { return m_windows; }
    CountScope scope() const { return m_scope; }
    void setScope(CountScope scope);
    /** Counts all recordings by the rule as it is now. */
    void countAll();
    /** What is wrong or worth knowing, below the numbers. */
    QString notes() const;
    /** Why there are no numbers; empty where there are. */
    QString message() const;
    bool isSettled() const { return !m_line.isBusy() && !m_counting.isBusy() && !m_saving.isBusy() && !m_loading.isBusy(); }
    /** From the change of the rule to the windows that it gives. */
    double lastAnswerMs() const { return m_lastAnswerMs; }
    /**
     * What `kino windows` takes, for the recordings of the scope, with a comment above that says whose labels and clocks count.
     * Throws Error where no specification says so.
     */
    QString specification() const;
    /** The kept windows of the scope's recordings, as `kino windows --table` writes them; told() or failed() follows. */
    void saveTable(const std::filesystem::path &file);

Q_SIGNALS:
    void windowsChanged();
    void told(const QString &sentence);
    void failed(const QString &sentence, const QString &details);
    void settledChanged();

private:
    struct Answer;

    void makeResults(QWidget *results);
    void cut();
    void takeAnswer(const Answer &answer);
    void setWindows(std::shared_ptr<const WindowRows> windows);
    void showChoices();
    void showScope();
    void showMessage(const QString &message, bool isProblem = false);
    void showNotes();
    void followProject();
    void keepRule();
    void copySpecification();
    void askAndSaveTable();
    std::vector<CountedRecording> recordingsOf(CountScope scope) const;

    Session &m_session;
    Library &m_library;
    TaskLine m_line;
    TaskLine m_counting;
    TaskLine m_saving;
    TaskLine m_loading;
    bool m_isActive = false;
    CountScope m_scope = CountScope::recording;

    PanelHead *m_head;
    RuleForm *m_form;
    QToolButton *m_ofRecording;
    QToolButton *m_ofAll;
    QLabel *m_message;
    QLabel *m_notes;
    QScrollArea *m_notesArea;
    QPushButton *m_count;
    QWidget *m_progressRow;
    QProgressBar *m_progress;
    CountsView *m_counts;

    /** Of the shown recording, for these channels. */
    std::shared_ptr<const ChannelCoverage> m_coverage;
    std::vector<std::string> m_coveredDevices;
    bool m_isCoveredJoined = false;
    std::vector<StreamKind> m_coveredChannels;

    std::shared_ptr<const WindowRows> m_windows;
    WindowCounts m_recordingCounts;
    QString m_trouble; // why the shown recording has no counts
    std::optional<ProjectCount> m_projectCount;
    WindowRule m_projectRule; // by which it was counted
    bool m_isProjectCountOld = false; // labels or clocks were edited since
    int m_knownCount = 0;
    double m_lastAnswerMs = 0;
    QElapsedTimer m_sinceAsked;

    std::filesystem::path m_project;
    bool m_isRuleTouched = false; // since the project was opened
    QTimer m_keep;
};

} // namespace kino
