// Jobs that wait and run, then those that are over: a card each with progress, rate and time left. Cards are dragged into another
// order; what else is done with a job is a button on it, a key, or the menu. GUI thread.
#pragma once

#include "widgets/runs/run_table_data.h"

#include <QListView>

#include <optional>

namespace kino {

struct QueueItem {
    enum class Kind { heading, card, finished };
    Kind kind = Kind::card;
    qint64 id = 0;
    QString name;
    /** "train, seed 3"; of a heading what stands on the right. */
    QString detail = {};
    RunState state = RunState::queued;
    /** "epoch 9 of 20   412 windows/s"; of a failed one its sentence. */
    QString status = {};
    /** "3 min left": never cut, the status gives way. */
    QString remaining = {};
    /** 0 to 1; below 0: no bar. */
    double progress = -1;
    /** Of a finished one, on the right: its result. */
    QString value = {};
    bool canPause = false;
    bool canResume = false;
    bool canCancel = false;
    bool canMove = false;
    friend bool operator==(const QueueItem &, const QueueItem &) = default;
};

class QueueView : public QListView {
    Q_OBJECT

public:
    explicit QueueView(QWidget *parent = nullptr);

    /** The same job stays selected. */
    void setItems(std::vector<QueueItem> items);
    const std::vector<QueueItem> &items() const;
    /** What stands there while there are none. */
    void setEmptyText(const QString &text);
    /** 0 where none is. */
    qint64 selected() const;
    void select(qint64 id);
    /** Of a button on a card; empty where it has none. */
    enum class Button { pause, cancel };
    QRect buttonRect(qint64 id, Button button) const;

Q_SIGNALS:
    void pauseRequested(qint64 id);
    void resumeRequested(qint64 id);
    void cancelRequested(qint64 id);
    /** Before another one, or with 0 to the end. */
    void moveRequested(qint64 id, qint64 before);
    void selectedChanged(qint64 id);
    /** A press on a card or line, also on the selected one; buttons on a card choose nothing. */
    void pressedAt(qint64 id);
    /** Enter or a double click. */
    void openRequested(qint64 id);
    /** Of this job; it is the selected one then. */
    void menuRequested(qint64 id, const QPoint &globalPlace);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    class Model;
    class Delegate;
    const QueueItem *itemAt(const QModelIndex &index) const;
    const QueueItem *itemOf(qint64 id) const;
    void press(const QueueItem &item, Button button);
    std::optional<Button> buttonAt(const QueueItem &item, QPoint place) const;

    Model *m_model;
    QString m_emptyText;
};

} // namespace kino
