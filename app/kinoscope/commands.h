// Every command of the window as one QAction, shared by menu, toolbar and shortcut. GUI thread.
#pragma once

#include <QKeySequence>
#include <QObject>

#include <vector>

class QAction;

namespace kino {

class Session;

class Commands : public QObject {
    Q_OBJECT

public:
    /** Those that concern the session are wired to it; the window wires the others. */
    explicit Commands(Session &session, QObject *parent);

    QAction *openFiles;
    QAction *openFolder;
    QAction *openDemo;
    QAction *closeRecording;
    QAction *quit;

    QAction *play;
    QAction *pause;
    QAction *faster;
    QAction *reverse;
    QAction *stepBack;
    QAction *stepForward;
    QAction *secondBack;
    QAction *secondForward;
    QAction *toStart;
    QAction *toEnd;

    QAction *zoomIn;
    QAction *zoomOut;
    QAction *fit;
    QAction *zoomToSelection;
    QAction *toggleTheme;
    QAction *toggleLibrary;
    QAction *toggleDetails;

    QAction *about;

    std::vector<QAction *> all() const;

private:
    QAction *add(const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> shortcuts, const QString &tip);
    void updateEnabled();
    void updatePlay();

    Session &m_session;
};

} // namespace kino
