// The corner of the page bar that tells of jobs: the one at work with progress and time left, or one sentence of what failed; a click
// opens it. GUI thread.
#pragma once

#include <QAbstractButton>

namespace kino {

class JobFeed;

class JobCorner : public QAbstractButton {
    Q_OBJECT

public:
    explicit JobCorner(JobFeed &feed, QWidget *parent = nullptr);

    /** "SimCLR 42 % 3 min"; empty while there is nothing to tell. */
    const QString &words() const { return m_words; }
    bool tellsOfFailure() const { return m_isFailure; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void jobWanted(qint64 id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showJobs();

    JobFeed &m_feed;
    QString m_words;
    double m_progress = -1;
    bool m_isFailure = false, m_isInterrupted = false;
    qint64 m_job = 0;
    /** A failure that was looked at is told no more. */
    qint64 m_seenFailure = 0;
    qint64 m_startedNs = 0;
};

} // namespace kino
