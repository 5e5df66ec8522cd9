// Above the queue, while jobs that lost their worker wait for a person: what happened, what it cost, and the way on. GUI thread.
#pragma once

#include <QWidget>

class QPushButton;

namespace kino {

class MarkedSentence;
struct QueueState;

class LostNotice : public QWidget {
    Q_OBJECT

public:
    explicit LostNotice(QWidget *parent = nullptr);

    /** Seen where any is interrupted, unless the project's setting leaves such jobs alone. */
    void showLost(const QueueState *state);
    QString sentence() const;
    QPushButton &resumeButton() { return *m_resume; }

Q_SIGNALS:
    void resumeRequested(const std::vector<qint64> &ids);

private:
    MarkedSentence *m_sentence;
    QPushButton *m_resume;
    std::vector<qint64> m_ids;
};

} // namespace kino
