// What a person sees before anything is open: what can be done, as buttons; what was open lately. GUI thread.
#pragma once

#include <QWidget>

#include <vector>

class QAction;
class QLabel;
class QVBoxLayout;

namespace kino {

struct RecentEntry {
    QString name;
    QString path;
};

class StartPage : public QWidget {
    Q_OBJECT

public:
    /** The first action is the one that most people want. */
    StartPage(const std::vector<QAction *> &actions, QWidget *parent = nullptr);
    void setRecent(const std::vector<RecentEntry> &entries);

Q_SIGNALS:
    void recentChosen(const QString &path);

private:
    QLabel *m_recentTitle;
    QVBoxLayout *m_recent;
};

} // namespace kino
