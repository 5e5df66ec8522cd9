// How long a person waits for the window: from the start of the process to a start page that is painted and answers, and
// from choosing a recording of a project (a day at 100 Hz of accelerometer and gyroscope, its columns cached) to its
// signals on the screen. Each measurement is a process of its own, as a person's first one of the day is; the file cache
// is warm. With no display the pages are drawn offscreen.
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"

#include <QApplication>
#include <QSettings>
#include <QTimer>

#include <cmath>
#include <ctime>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

std::int64_t nowNs()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

const fs::path &benchFolder()
{
    static const fs::path folder = fs::temp_directory_path() / "kinoscope-window-bench";
    return folder;
}

kino::Recording sines(const std::string &name, std::size_t samples)
{
    std::vector<kino::Nanos> times(samples);
    for (std::size_t i = 0; i < samples; ++i)
        times[i] = static_cast<kino::Nanos>(i) * 10'000'000;
    const kino::Column<kino::Nanos> sharedTimes(std::move(times));
    kino::Recording recording;
    recording.name = name;
    recording.path = benchFolder() / (name + ".txt");
    std::ofstream(recording.path) << "stands for the source of " << name;
    recording.format = "bench";
    kino::Device &device = recording.devices.emplace_back();
    device.name = "watch";
    for (const auto kind : {kino::StreamKind::accelerometer, kino::StreamKind::gyroscope}) {
        kino::ImuStream &stream = device.streams.emplace_back();
        stream.kind = kind;
        stream.unit = std::string(kino::streamKindUnit(kind));
        stream.axes = {"x", "y", "z"};
        stream.timesNs = sharedTimes;
        for (int axis = 0; axis < 3; ++axis) {
            std::vector<float> values(samples);
            for (std::size_t i = 0; i < samples; ++i)
                values[i] = static_cast<float>(std::sin(static_cast<double>(i) * 0.01 * (axis + 1)));
            stream.values.emplace_back(std::move(values));
        }
    }
    return recording;
}

/** A project with a minute, which is shown first, and a day. */
const fs::path &benchProject()
{
    static const fs::path project = [] {
        const fs::path folder = benchFolder() / "bench.kino";
        fs::remove_all(folder);
        fs::create_directories(benchFolder());
        kino::Project made = kino::Project::create(folder);
        made.add(sines("a minute", 6000));
        made.add(sines("day", 24 * 3600 * 100));
        return folder;
    }();
    return project;
}

/** Calls `then` when `view` has painted and the event loop has nothing more to do. */
class AfterPaint : public QObject {
public:
    AfterPaint(QWidget *view, std::function<bool()> isIt, std::function<void()> then)
        : QObject(view), m_isIt(std::move(isIt)), m_then(std::move(then))
    {
        view->installEventFilter(this);
    }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_isDone && m_isIt()) {
            m_isDone = true;
            QTimer::singleShot(0, this, [this] { m_then(); });
        }
        return false;
    }

private:
    std::function<bool()> m_isIt;
    std::function<void()> m_then;
    bool m_isDone = false;
};

/** In a process of its own: prints milliseconds and leaves. */
int child(int argc, char **argv)
{
    const std::int64_t startNs = std::stoll(argv[2]);
    const bool opensDay = argc > 3;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-bench"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((benchFolder() / "settings").string()));
    kino::applyTheme(application, kino::ThemeKind::light);
    kino::MainWindow window;
    const auto print = [](std::int64_t sinceNs) {
        std::printf("%.3f\n", static_cast<double>(nowNs() - sinceNs) * 1e-6);
        std::fflush(stdout);
        _exit(0); // what comes after is not measured
    };
    if (!opensDay) {
        new AfterPaint(&window, [] { return true; }, [&] { print(startNs); });
        window.show();
        return QApplication::exec();
    }
    window.show();
    window.openPaths({argv[3]});
    std::int64_t chosenNs = 0;
    const auto isDay = [&] { return window.session().recording() && window.session().recording()->name == "day" && window.session().lanes().size() == 2; };
    QObject::connect(&window, &kino::MainWindow::settledChanged, &window, [&] {
        if (chosenNs != 0 || !window.session().recording() || !window.isSettled() || window.session().lanes().empty())
            return;
        const std::vector<kino::LibraryItem> items = window.library().model().items();
        for (const kino::LibraryItem &item : items) {
            if (item.name != QLatin1String("day"))
                continue;
            chosenNs = nowNs();
            new AfterPaint(&window.inspect().timeline().view(), isDay, [&] { print(chosenNs); });
            window.library().choose(item.id);
        }
    });
    return QApplication::exec();
}

/** Runs this program again; seconds as it says. */
double measured(const std::string &arguments)
{
    const std::string command = fs::read_symlink("/proc/self/exe").string() + " --child " + std::to_string(nowNs()) + " " + arguments + " 2>/dev/null";
    FILE *pipe = popen(command.c_str(), "r");
    double ms = 0;
    const bool isRead = pipe && std::fscanf(pipe, "%lf", &ms) == 1;
    if (pipe)
        pclose(pipe);
    return isRead ? ms * 1e-3 : -1;
}

void measure(benchmark::State &state, const std::string &arguments)
{
    for (auto _ : state) {
        const double seconds = measured(arguments);
        if (seconds < 0) {
            state.SkipWithError("the window gave no answer");
            return;
        }
        state.SetIterationTime(seconds);
    }
}

void startToUsableWindow(benchmark::State &state) { measure(state, {}); }
void chooseADayToFirstPaint(benchmark::State &state) { measure(state, benchProject().string()); }

BENCHMARK(startToUsableWindow)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(1);
BENCHMARK(chooseADayToFirstPaint)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(1);

const bool declared = kino::bench::declareBudget("start of the program to a usable window", "startToUsableWindow", 1000)
                      && kino::bench::declareBudget("choosing a day of six channels to its first paint", "chooseADayToFirstPaint", 300);

} // namespace

int main(int argc, char **argv)
{
    if (argc > 2 && std::string_view(argv[1]) == "--child")
        return child(argc, argv);
    return kino::bench::benchMain(argc, argv);
}
