// `kinoscope --tour DIR`: shows every page with real content, takes its picture in each theme, writes tour.json and
// leaves. Needs no display. GUI thread.
#pragma once

#include "widgets/style/theme.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QObject>
#include <QSize>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace kino {

class MainWindow;

struct TourPlan {
    QDir folder;
    std::vector<ThemeKind> themes;
    QSize size{1600, 1000};
    /** Empty: every page. */
    QString page;
    std::vector<std::filesystem::path> paths; // empty: the demo
};

class Tour : public QObject {
    Q_OBJECT

public:
    /** What `--page` allows. */
    static QStringList pages();

    Tour(MainWindow &window, TourPlan plan, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    /** 0, or 1 where a page did not get its content in time; the reason went to stderr. */
    void finished(int exitCode);

private:
    /** A page that is shown and photographed, in the order of the tour. */
    struct Stop {
        QString page;
        std::function<void()> prepare;
        std::function<void()> leave;
    };

    void addStops();
    void advanceWhenSettled();
    void next();
    void showPlace();
    void showModelInput();
    void showLibrary();
    void showImport();
    void showWindows();
    void showClosely();
    void showClocks();
    void showExperiments();
    void showNewJob();
    enum class LabelledPart { untilPlayhead, whole };
    void showAnnotation(LabelledPart part);
    void takeLabelsBack();
    void closeDialogs();
    bool photograph(const QString &page, const QJsonObject &shows);
    void finish();
    void fail(const QString &why);
    QJsonObject describe() const;
    bool hasContent() const;
    bool areJobsShown();

    MainWindow &m_window;
    TourPlan m_plan;
    QTimer m_timeout;
    QTimer m_settle;
    QElapsedTimer m_sinceOpened;
    double m_firstPaintMs = 0;
    double m_settledMs = 0;
    std::vector<Stop> m_stops;
    std::optional<std::size_t> m_stop; // that is prepared
    bool m_isDone = false;
    bool m_chooseRuns = false; // once all jobs have ended
    QJsonArray m_pages;
    QString m_lastFailure;
};

} // namespace kino
