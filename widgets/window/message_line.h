// One line at the window's foot: what just happened, and on request the details. Never a modal box. GUI thread.
#pragma once

#include "widgets/controls/status_mark.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QToolButton;

namespace kino {

class MessageLine : public QWidget {
    Q_OBJECT

public:
    explicit MessageLine(QWidget *parent = nullptr);

    /** What is open, on the left. */
    void setSummary(const QString &text);
    /** Replaces the message before; `details` are shown when it is clicked. */
    void showMessage(Mark mark, const QString &sentence, const QString &details = {});
    /** A click on the message asks for what `action` does, in place of the details. */
    void showMessage(Mark mark, const QString &sentence, const QString &details, QAction *action);
    /**
     * What the person does next has made an older message's matter a thing of the past: it goes, unless it tells of trouble or
     * offers something. A message of the same moment stays.
     */
    enum class Age { older, any };
    void settle(Age age = Age::older);
    /** Takes the message away where a click on it would do what `action` does. */
    void withdraw(const QAction *action);
    /** Long work: a fraction, or below 0 for an unknown one; an empty text ends it. */
    void setWork(const QString &what, double fraction);
    /** The message still offers something: an undo, a report. */
    bool hasAction() const { return m_action && !message().isEmpty(); }
    QString message() const;
    QString details() const { return m_details; }
    /** Of the last message. */
    Mark kind() const { return m_kind; }

Q_SIGNALS:
    void cancelRequested();

private:
    class MarkLabel;
    void showDetails();

    QLabel *m_summary;
    QLabel *m_work;
    QProgressBar *m_progress;
    QToolButton *m_cancel;
    MarkLabel *m_mark;
    QToolButton *m_message;
    QString m_details;
    QPointer<QAction> m_action;
    Mark m_kind = Mark::none;
    QElapsedTimer m_shownFor;
    QTimer m_end;
};

} // namespace kino
