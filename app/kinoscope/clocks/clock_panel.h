// The panel where clocks are set: a row for each device and video, nudges, numbers, points, and what the events propose.
// Wires the commands of the Clocks menu. GUI thread.
#pragma once

#include "app/kinoscope/clocks/event_finder.h"
#include "app/kinoscope/clocks/event_matcher.h"
#include "app/kinoscope/clocks/point_guide.h"
#include "app/kinoscope/commands.h"

#include <QWidget>

class QAction;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace kino {

class ClockRow;
class PanelHead;

class ClockPanel : public QWidget {
    Q_OBJECT

public:
    ClockPanel(Session &session, ClockSetter &setter, Commands &commands, TimelineView &timeline, TaskRunner &runner, QWidget *parent = nullptr);

    /** For the dock that takes the panel. */
    PanelHead *head() const { return m_head; }
    PointGuide &guide() { return m_guide; }
    EventFinder &finder() { return m_finder; }
    EventMatcher &matcher() { return m_matcher; }
    QLineEdit &offsetField() { return *m_offset; }
    QLineEdit &driftField() { return *m_drift; }
    bool isSettled() const { return !m_finder.isBusy() && !m_matcher.isBusy(); }

Q_SIGNALS:
    void settledChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeMoves(QVBoxLayout &column);
    void makePoints(QVBoxLayout &column);
    void makeProposals(QVBoxLayout &column);
    QPushButton *buttonFor(QAction *action, const QString &text);
    void wireCommands();
    bool leavesByEscape(const QObject *watched, const QEvent *event) const;
    void refresh();
    void refreshRows();
    void refreshNumbers();
    void refreshPoints();
    void refreshProposals();
    void takeNumbers();
    void goToEvent(int direction);

    Session &m_session;
    ClockSetter &m_setter;
    Commands &m_commands;
    TimelineView &m_timeline;
    EventFinder m_finder;
    EventMatcher m_matcher;
    PointGuide m_guide;
    PanelHead *m_head;
    QVBoxLayout *m_rows;
    std::vector<ClockTarget> m_rowTargets;
    std::vector<ClockRow *> m_rowButtons;
    QLabel *m_empty;
    QWidget *m_body;
    QLabel *m_moveTitle;
    QLineEdit *m_offset;
    QLineEdit *m_drift;
    QPushButton *m_reset;
    QLabel *m_instruction;
    QPushButton *m_setPoints;
    QPushButton *m_take;
    QPushButton *m_takeBack;
    QPushButton *m_leave;
    QPushButton *m_apply;
    std::vector<QLabel *> m_pointLabels;
    QLabel *m_problem;
    QLabel *m_matchNote;
    struct ProposalRow {
        QWidget *row;
        QLabel *text;
        QPushButton *apply;
    };
    std::vector<ProposalRow> m_proposals;
    QLabel *m_keptNote;
    /** An event that was asked for before any had been found. */
    int m_wantedEvent = 0;
};

/** "0.35" as 350,000,000, exact to the nanosecond, with a point or a comma; nothing for what is no number of seconds. */
std::optional<Nanos> nanosFromSecondsText(QString text);
/** All digits that are not zero, at least three behind the point. */
QString secondsText(Nanos ns);

} // namespace kino
