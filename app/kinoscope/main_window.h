// The frame around the pages: menu, page bar, drop target, status line. Owns what the pages share. GUI thread.
#pragma once

#include "app/kinoscope/commands.h"
#include "app/kinoscope/lane_loader.h"
#include "app/kinoscope/library.h"
#include "app/kinoscope/play_clock.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "widgets/theme.h"

#include <QMainWindow>

class QLabel;
class QStackedWidget;

namespace kino {

class InspectPage;
class MessageLine;
class StartPage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget *parent = nullptr);
    ~MainWindow() override;

    Session &session() { return m_session; }
    Library &library() { return m_library; }
    Commands &commands() { return m_commands; }
    InspectPage &inspect() { return *m_inspect; }
    MessageLine &messages() { return *m_messages; }

    void openPaths(const std::vector<std::filesystem::path> &paths);
    void openDemo();
    void setTheme(ThemeKind kind);
    /** Everything about the open recording has been painted as it should be: lanes, exact frame, spectrogram. */
    bool isSettled() const;

Q_SIGNALS:
    void settledChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makePageBar();
    void makeMenus();
    void wire();
    void showPage();
    void updateTitle();
    void rememberRecent(const QString &path);
    void showRecent();
    void showAbout();
    void showFailure(const QString &sentence, const QString &details);

    // In this order: lines end before runners, panels before the session.
    TaskRunner m_runner;
    Session m_session;
    PlayClock m_clock;
    LaneLoader m_laneLoader;
    Library m_library;
    Commands m_commands;
    QStackedWidget *m_pages;
    StartPage *m_start;
    InspectPage *m_inspect;
    MessageLine *m_messages;
    QLabel *m_title;
    bool m_wasShown = false;
};

} // namespace kino
