// What a person feels on the Inspect page, on one recording of a day (six channels at 100 Hz, ten thousand labels) with an
// hour of 1080p30 beside it: a minute of playing, zooming and scrubbing, as events of a real mouse. How long handlers hold
// the GUI thread and repaints take, how soon exact frames come, how many frames are left out while playing at 1x, and how
// much memory all of it takes. The minute runs in a process of its own. With no display it is drawn offscreen.
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/main_window.h"
#include "core/base/random.h"
#include "core/data/import.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/repeated_clip.h"
#include "tests/support/watched_application.h"
#include "widgets/player/video_view.h"

#include <QSettings>
#include <QTest>

#include <cmath>
#include <set>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace kino;

constexpr std::size_t kSecondsOfDay = 24 * 3600;
constexpr std::size_t kRateHz = 100;
constexpr int kMinutesOfVideo = 60;
constexpr int kPlayedMs = 30'000;
constexpr int kZoomSteps = 900;
constexpr int kScrubSteps = 900;
constexpr int kStepMs = 16; // between two events of a mouse
constexpr int kSeeks = 40;

const fs::path &benchFolder()
{
    static const fs::path folder = fs::temp_directory_path() / "kinoscope-inspect-bench";
    return folder;
}

fs::path makeHourOfVideo()
{
    const fs::path once = benchFolder() / "20s.mp4";
    const fs::path hour = benchFolder() / "hour.mp4";
    VideoWriterOptions options;
    options.width = 1920;
    options.height = 1080;
    options.gop = 30;
    options.quality = 32;
    test::writeNumberedClip(once, options, test::constantRateTimes(600, 30, 1));
    test::repeatClip(once, hour, kMinutesOfVideo * 3);
    fs::remove(once);
    return hour;
}

Recording makeDay()
{
    constexpr std::size_t kSamples = kSecondsOfDay * kRateHz;
    std::vector<Nanos> times(kSamples);
    for (std::size_t i = 0; i < kSamples; ++i)
        times[i] = static_cast<Nanos>(i) * (kNanosPerSecond / static_cast<Nanos>(kRateHz));
    const Column<Nanos> shared(std::move(times));
    Recording day;
    day.name = "day";
    day.path = benchFolder() / "day.txt";
    std::ofstream(day.path) << "stands for the table of the day";
    day.format = "bench";
    Device &device = day.devices.emplace_back();
    device.name = "watch";
    RandomStream random(1);
    for (const auto kind : {StreamKind::accelerometer, StreamKind::gyroscope}) {
        ImuStream &stream = device.streams.emplace_back();
        stream.kind = kind;
        stream.unit = std::string(streamKindUnit(kind));
        stream.axes = {"x", "y", "z"};
        stream.timesNs = shared;
        for (int axis = 0; axis < 3; ++axis) {
            std::vector<float> values(kSamples);
            for (float &value : values)
                value = static_cast<float>(random.below(65536)) / 65536.0F + static_cast<float>(axis);
            stream.values.emplace_back(std::move(values));
        }
    }
    AnnotationTier &tier = day.tiers.emplace_back(AnnotationTier{"activity", TierKind::label, {}});
    for (Nanos label = 0; label < 10'000; ++label)
        tier.annotations.push_back({{label * 8'640'000'000}, {label * 8'640'000'000 + 8'000'000'000}, label % 3 == 0 ? "walk" : "sit"});
    const ImportOutcome film = importPaths(std::vector{makeHourOfVideo()});
    day.videos = film.recordings.front().videos;
    return day;
}

const fs::path &benchProject()
{
    static const fs::path project = [] {
        fs::remove_all(benchFolder());
        fs::create_directories(benchFolder());
        const fs::path folder = benchFolder() / "bench.kino";
        Project::create(folder).add(makeDay());
        return folder;
    }();
    return project;
}

/** Of /proc/self/status, in MB. */
double memoryMb(const std::string &field)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field + ":"))
            return std::stod(line.substr(field.size() + 1)) / 1024;
    }
    return 0;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(values);
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/** Which frames were painted, themselves and not a stand-in. */
class PaintedFrames : public QObject {
public:
    explicit PaintedFrames(VideoPanel &panel) : m_panel(panel) { panel.view().installEventFilter(this); }
    std::set<std::size_t> frames;

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && m_panel.shownFrame() && m_panel.isExact())
            frames.insert(*m_panel.shownFrame());
        return false;
    }

private:
    VideoPanel &m_panel;
};

/** The minute, in a process of its own; prints "name value" lines. */
class Minute {
public:
    explicit Minute(test::WatchedApplication &application) : m_application(application) { m_window.show(); }

    int run(const fs::path &project)
    {
        m_window.openPaths({project});
        if (!waitFor([this] { return m_window.session().lanes().size() == 2 && m_window.isSettled(); }, 120'000))
            return 1;
        // The pictures over the overview are part of what is open.
        QTest::qWait(3000);
        print("memoryOpenMb", memoryMb("VmRSS"));
        saySharesOfMemory("open");
        m_application.startWatching();
        play();
        zoom();
        scrub();
        takeHandlers();
        seek();
        print("memoryMostMb", memoryMb("VmHWM"));
        saySharesOfMemory("at the end");
        return 0;
    }

private:
    TimelineView &view() { return m_window.inspect().timeline().view(); }
    VideoPanel &video() { return m_window.inspect().video(); }
    Session &session() { return m_window.session(); }

    static void print(const char *name, double value) { std::printf("%s %.3f\n", name, value); }

    static bool waitFor(const std::function<bool()> &isSo, int mostMs) { return QTest::qWaitFor(isSo, mostMs); }

    /** The system takes pages of files back whenever it wants memory; what is the program's own it cannot. */
    static void saySharesOfMemory(const char *when)
    {
        std::fprintf(stderr, "%s %.0f MB resident: %.0f MB of its own, %.0f MB of mapped files\n", when, memoryMb("VmRSS"), memoryMb("RssAnon"), memoryMb("RssFile"));
    }

    void play()
    {
        session().setVisibleRange({{600 * kNanosPerSecond}, {630 * kNanosPerSecond}});
        session().setPlayhead({600 * kNanosPerSecond});
        waitFor([this] { return m_window.isSettled(); }, 10'000);
        PaintedFrames painted(video());
        const std::size_t first = *session().frameAtPlayhead() + 1;
        session().setPlaying(true);
        QTest::qWait(kPlayedMs);
        const std::size_t last = *session().frameAtPlayhead() - 1; // the last one may not have been painted yet
        session().setPlaying(false);
        std::size_t missed = 0;
        for (std::size_t frame = first; frame <= last; ++frame) {
            if (painted.frames.contains(frame))
                continue;
            ++missed;
            std::fprintf(stderr, "frame %zu of %zu was left out\n", frame - first, last - first + 1);
        }
        print("playedFrames", static_cast<double>(last - first + 1));
        print("missedFrames", static_cast<double>(missed));
    }

    void wheel(int angle, Qt::KeyboardModifiers modifiers)
    {
        const QPointF at(view().axis().left + 400, 200);
        QWheelEvent event(at, view().mapToGlobal(at), {}, {0, angle}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view(), &event);
        QTest::qWait(kStepMs);
    }

    void zoom()
    {
        session().fit();
        for (int step = 0; step < kZoomSteps; ++step) {
            const int phase = step % 150;
            if (phase < 50)
                wheel(120, {});
            else if (phase < 100)
                wheel(phase % 20 < 10 ? -120 : 120, Qt::ShiftModifier);
            else
                wheel(-120, {});
        }
    }

    void scrub()
    {
        // A few seconds back and forth: decoded once, then from the kept pictures.
        session().setVisibleRange({{1200 * kNanosPerSecond}, {1204 * kNanosPerSecond}});
        const auto x = [this](int step) {
            const double share = std::abs(static_cast<double>(step % 200) / 100.0 - 1);
            return static_cast<int>(view().axis().left + 20 + share * 400);
        };
        std::vector<double> cachedMs;
        QTest::mousePress(&view(), Qt::LeftButton, {}, {x(0), 10});
        for (int step = 0; step < kScrubSteps; ++step) {
            QElapsedTimer since;
            since.start();
            QTest::mouseMove(&view(), {x(step), 10});
            // The first way there fills the store of pictures.
            if (step >= 200) {
                waitFor([this] { return video().isSettled(); }, 2000);
                cachedMs.push_back(static_cast<double>(since.nsecsElapsed()) * 1e-6);
            }
            QTest::qWait(kStepMs);
        }
        QTest::mouseRelease(&view(), Qt::LeftButton, {}, {x(0), 10});
        print("scrubCachedMedianMs", quantile(cachedMs, 0.5));
        print("scrubCachedP99Ms", quantile(cachedMs, 0.99));
    }

    void takeHandlers()
    {
        std::vector<double> held;
        std::vector<double> repaints;
        std::vector<test::WatchedApplication::Handler> handlers = m_application.stopWatching();
        std::ranges::sort(handlers, std::greater<>(), [](const auto &each) { return each.computedMs + each.waitedMs; });
        for (std::size_t worst = 0; worst < std::min<std::size_t>(12, handlers.size()); ++worst) {
            const auto &each = handlers[worst];
            std::fprintf(stderr, "at %.1f s %.1f ms computed, %.1f ms waited, %ld pages mapped, %ld read, %ld times evicted in event %d of %s (%.1f ms in %s)\n",
                         each.atMs * 1e-3, each.computedMs, each.waitedMs, each.pageFaults, each.diskFaults, each.evictions, each.eventType, each.receiver,
                         each.slowestMs, each.slowest);
        }
        for (const auto &handler : handlers)
            (handler.eventType == QEvent::UpdateRequest ? repaints : held).push_back(handler.computedMs + handler.waitedMs);
        print("handlerP99Ms", quantile(held, 0.99));
        print("handlerWorstMs", std::max(quantile(held, 1), quantile(repaints, 1)));
        print("repaintP99Ms", quantile(repaints, 0.99));
        std::fprintf(stderr, "%zu handlers, %zu repaints\n", held.size(), repaints.size());
    }

    void seek()
    {
        RandomStream random(7);
        std::vector<double> exactMs;
        std::vector<double> decodedMs;
        // The same frames with nobody looking, in turns: what is left is the window's.
        const std::unique_ptr<VideoSource> alone = openVideo(session().recording()->videos.front());
        alone->setOutputSize(video().view().width(), video().view().height());
        for (int round = 0; round < kSeeks; ++round) {
            const RecordingTime at{static_cast<Nanos>(random.below(kMinutesOfVideo * 60'000)) * kNanosPerMillisecond};
            QElapsedTimer since;
            since.start();
            session().setPlayhead(at);
            waitForFrame();
            exactMs.push_back(static_cast<double>(since.nsecsElapsed()) * 1e-6);
            since.restart();
            alone->frame(*session().frameAtPlayhead());
            decodedMs.push_back(static_cast<double>(since.nsecsElapsed()) * 1e-6);
        }
        print("exactFrameMedianMs", quantile(exactMs, 0.5));
        print("decodedFrameMedianMs", quantile(decodedMs, 0.5));
    }

    /** Looking every ten milliseconds, as QTest::qWaitFor() does, would be measured too. */
    void waitForFrame()
    {
        if (video().isSettled())
            return;
        QEventLoop loop;
        QTimer::singleShot(5000, &loop, &QEventLoop::quit);
        QObject::connect(&video(), &VideoPanel::settledChanged, &loop, [&] {
            if (video().isSettled())
                loop.quit();
        });
        loop.exec();
    }

    test::WatchedApplication &m_application;
    MainWindow m_window;
};

int child(int argc, char **argv)
{
    test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-bench"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((benchFolder() / "settings").string()));
    applyTheme(application, ThemeKind::light);
    const int result = Minute(application).run(argv[2]);
    std::fflush(stdout);
    _exit(result); // the end is not measured
}

/** What the minute found, once for all that is declared below. */
const std::map<std::string, double> &minute()
{
    static const std::map<std::string, double> values = [] {
        std::map<std::string, double> found;
        const std::string command = fs::read_symlink("/proc/self/exe").string() + " --child " + benchProject().string();
        FILE *pipe = popen(command.c_str(), "r");
        char name[64] = {};
        double value = 0;
        while (pipe && std::fscanf(pipe, "%63s %lf", name, &value) == 2)
            found[name] = value;
        if (pipe)
            pclose(pipe);
        fs::remove_all(benchFolder());
        return found;
    }();
    return values;
}

struct Wanted {
    const char *name;
    const char *what;
    const char *unit;
    double atMost;
};

constexpr Wanted kWanted[] = {
    {"handlerP99Ms", "GUI handlers of a minute of playing, zooming, scrubbing: p99", "ms", 8},
    {"handlerWorstMs", "the worst of these and of their repaints", "ms", 30},
    {"repaintP99Ms", "its repaints (pan and zoom of a day included): p99", "ms", 16},
    {"missedFrames", "frames left out in 30 s of 1080p30 at 1x, six lanes, spectrogram", "", 0},
    {"scrubCachedP99Ms", "scrub inside a cached span to the exact frame: p99", "ms", 10},
    {"exactFrameMedianMs", "exact frame anywhere in an hour of 1080p30, GOP 30: median", "ms", 80},
    {"decodedFrameMedianMs", "of this, decoding it alone, without a window: median", "ms", 80},
    {"memoryOpenMb", "resident with a day of six channels and an hour of video open", "MB", 600},
    {"memoryMostMb", "the most during that minute", "MB", 600},
};

} // namespace

int main(int argc, char **argv)
{
    if (argc > 2 && std::string_view(argv[1]) == "--child")
        return child(argc, argv);
    for (const Wanted &wanted : kWanted) {
        const auto found = minute().find(wanted.name);
        if (found == minute().end()) {
            std::fprintf(stderr, "the window gave no answer\n");
            return 1;
        }
        kino::bench::printMeasure(wanted.what, found->second, wanted.unit, wanted.atMost);
    }
    return 0;
}
