// What tests of the whole window share: a window in a folder of its own, with settings and profiles of its own, and what a
// person does with it again and again.
#pragma once

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/main_window.h"
#include "core/store/project.h"
#include "tests/support/watched_application.h"

#include <functional>
#include <memory>
#include <string>

namespace kino::test {

/** 300 rows at 100 Hz: three seconds at rest; `seed` tells files of one shape apart. */
inline std::filesystem::path writeWalk(const TemporaryFolder &folder, const std::string &name, const std::string &label, int seed = 0)
{
    std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2],label\n";
    for (int i = 0; i < 300; ++i)
        text += std::to_string(i) + "e-2," + std::to_string(seed) + ".1,0.2,9.8," + label + "\n";
    std::filesystem::create_directories((folder / name).parent_path());
    return folder.write(name, text);
}

/** A class of tests derives from it beside QObject and calls these from its slots of the same names. */
class WindowFixture {
public:
    static void startTests()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        applyTheme(*qApp, ThemeKind::light);
    }
    void openWindow()
    {
        m_folder = std::make_unique<TemporaryFolder>();
        qputenv("KINOSCOPE_PROFILES", (*m_folder / "profiles").c_str());
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((*m_folder / "settings").string()));
        reopenWindow();
    }
    /** As on another day: what was kept is there, nothing else. */
    void reopenWindow()
    {
        m_window.reset();
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void closeWindow()
    {
        m_window.reset();
        m_folder.reset();
    }

    std::filesystem::path makeProject() const
    {
        const auto folder = *m_folder / "study.kino";
        Project::create(folder);
        return folder;
    }
    void open(const std::vector<std::filesystem::path> &paths)
    {
        m_window->openPaths(paths);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->library().isBusy(), 5'000);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->library().isBusy(), 30'000);
    }
    void drop(const std::vector<std::filesystem::path> &files)
    {
        QMimeData mime;
        QList<QUrl> urls;
        for (const auto &file : files)
            urls += QUrl::fromLocalFile(QString::fromStdString(file.string()));
        mime.setUrls(urls);
        QDragEnterEvent enter(QPoint(400, 400), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QDropEvent event(QPointF(400, 400), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &event);
    }
    void waitWritten() { QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000); }

    LibraryModel &model() { return m_window->library().model(); }
    qint64 idOf(const QString &name)
    {
        for (const LibraryItem &item : model().allItems()) {
            if (item.name == name)
                return item.id;
        }
        return -1;
    }

protected:
    std::unique_ptr<TemporaryFolder> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace kino::test
