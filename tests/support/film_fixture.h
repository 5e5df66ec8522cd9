// What tests of the window beside a film share: clips whose frames carry their number, a window in front of them, and the
// number that can be read from its pixels.
#pragma once

#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/main_window.h"
#include "core/media/video_source.h"
#include "tests/support/numbered_clip.h"
#include "widgets/player/video_view.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace kino::test {

struct Film {
    std::filesystem::path path;
    std::vector<Nanos> ptsNs;
};

/** 320 x 180, a keyframe every 30. */
inline Film writeFilm(const std::filesystem::path &path, std::vector<Nanos> ptsNs, int bFrames = 0)
{
    VideoWriterOptions options;
    options.width = 320;
    options.height = 180;
    options.gop = 30;
    options.bFrames = bFrames;
    writeNumberedClip(path, options, ptsNs);
    return {path, std::move(ptsNs)};
}

/** As an import would describe it. */
inline VideoTrack trackOf(const std::filesystem::path &path, ClockMap<VideoClock> clock = {})
{
    const std::unique_ptr<VideoSource> source = openVideoFile(path);
    VideoTrack track;
    track.name = "camera";
    track.path = path;
    track.clock = clock;
    track.frames = source->frames().size();
    track.width = source->width();
    track.height = source->height();
    track.rateHz = source->frames().rateHz();
    track.start = {source->frames().ptsNs.front()};
    track.end = {source->frames().endNs};
    return track;
}

/** A class of tests derives from it beside QObject and calls these from its slots of the same names. */
class FilmFixture {
public:
    void startTests()
    {
        m_constant = writeFilm(m_folder / "constant.mp4", constantRateTimes(300, 30, 1), kBFrames);
        m_variable = writeFilm(m_folder / "variable.mp4", variableRateTimes(250, 11), kBFrames);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
        applyTheme(*qApp, ThemeKind::light);
    }
    void openWindow()
    {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void closeWindow() { m_window.reset(); }

    std::optional<std::uint32_t> numberShown() const
    {
        VideoView &view = m_window->inspect().video().view();
        const QImage grabbed = view.grab(view.pictureRect().toAlignedRect()).toImage().convertToFormat(QImage::Format_RGB32);
        Image image;
        image.width = grabbed.width();
        image.height = grabbed.height();
        for (int y = 0; y < grabbed.height(); ++y)
            image.bgra.insert(image.bgra.end(), grabbed.constScanLine(y), grabbed.constScanLine(y) + grabbed.width() * 4);
        return readNumber(image);
    }

protected:
    static constexpr int kBFrames = 2;

    TemporaryFolder m_folder;
    Film m_constant;
    Film m_variable;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace kino::test
