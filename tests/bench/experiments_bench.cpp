// What a person feels on the Experiments page while a job trains on both cores and writes a thousand numbers a second: a minute of
// scrolling, sorting, filtering and choosing among 10,000 runs and of zooming into a curve of a million points. The job is a real one of
// `kino work`; the numbers beyond its own are written by a process of their own under the job's id. With no display it is drawn
// offscreen.
#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/curves_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/main_window.h"
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/rows.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"
#include "tests/support/watched_application.h"

#include <QAction>
#include <QLineEdit>
#include <QSettings>
#include <QTest>

#include <array>
#include <cmath>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace kino;
using Json = nlohmann::json;

constexpr int kRuns = 10'000;
constexpr int kPoints = 1'000'000;
constexpr int kNumbersPerSecond = 1000;
constexpr int kMinuteMs = 60'000;
constexpr int kTurnMs = 50;

struct Ids {
    JobId million = 0; // a run of a million points
    JobId training = 0;
};

const fs::path &benchFolder()
{
    static const fs::path folder = fs::temp_directory_path() / "kinoscope-experiments-bench";
    return folder;
}

/** Of the program beside this one. Paths hold no quotes: they are the bench's own. */
bool kino(const std::string &arguments)
{
    return std::system(("'" KINOSCOPE_BINARY_DIR "/bin/kino' " + arguments + " > /dev/null").c_str()) == 0;
}

std::string quoted(const fs::path &path)
{
    return "'" + path.string() + "'";
}

NewJob finishedRun(int number)
{
    NewJob made;
    made.name = "run " + std::to_string(number);
    made.seed = number;
    made.folder = "/data";
    made.complete = {{"encoder", {{"name", number % 2 == 0 ? "mw2" : "primus"}}},
                     {"objective", {{"name", number % 3 == 0 ? "simclr" : "supervised"}}},
                     {"train", {{"batch", 16 << (number % 4)}, {"epochs", 20}, {"optimizer", {{"name", "adam"}, {"options", {{"lr", 1e-3 / (1 + number % 7)}}}}}}}};
    made.specification = made.complete;
    return made;
}

/** Trains until it is cancelled. */
Json endlessTraining()
{
    return {{"kinoscope", 1},
            {"kind", "train"},
            {"name", "trains on both cores"},
            {"seed", 3},
            {"data",
             {{"source", "recordings"},
              {"recordings", {{"project", "all"}}},
              {"rate_hz", 100},
              {"window", {{"seconds", 2}, {"stride_seconds", 0.5}, {"label", {{"tier", "activity"}, {"policy", "majority"}}}}},
              {"split", {{"by", "subject"}, {"validation", {"s03"}}, {"test", {"s04"}}}}}},
            {"encoder", {{"name", "primus"}}},
            {"objective", {{"name", "simclr"}}},
            {"train", {{"epochs", 100'000}, {"batch", 64}, {"optimizer", {{"name", "adam"}, {"options", {{"lr", 0.0003}}}}}}}};
}

std::optional<Ids> makeProject(const fs::path &project)
{
    fs::remove_all(benchFolder());
    fs::create_directories(benchFolder());
    const fs::path data = benchFolder() / "data";
    if (!kino("simulate --subjects 4 --minutes 4 --rate 100 --video none --out " + quoted(data)))
        return std::nullopt;
    Project::create(project);
    if (!kino("import " + quoted(project) + " " + quoted(data)))
        return std::nullopt;
    Ids ids;
    {
        JobStore store(project);
        Transaction transaction(store.database());
        for (int number = 0; number < kRuns; ++number) {
            const JobId id = insertJob(store.database(), finishedRun(number), JobState::done);
            writeFinalMetrics(store.database(), id, {{"metrics", {{"test.macro_f1", 0.5 + 1e-5 * number}, {"validation.loss", 1.5}, {"train.loss", 1.0 / (number + 1)}}}});
            ids.million = id;
        }
        transaction.commit();
    }
    MetricWriter writer(project, ids.million);
    for (int step = 0; step < kPoints; ++step)
        writer.add(step, step / 1000, "train.loss", std::sin(step * 0.001) + 2);
    writer.flush();
    const fs::path specification = benchFolder() / "job.json";
    std::ofstream(specification) << endlessTraining();
    if (!kino("submit " + quoted(project) + " " + quoted(specification)))
        return std::nullopt;
    for (const JobRow &job : JobStore(project).queue())
        ids.training = job.id;
    return ids;
}

/** As a job with many numbers writes them. Ends with the process that started it. */
pid_t startWriting(const fs::path &project, JobId run)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    MetricWriter writer(project, run);
    constexpr int kKeys = 20, kPerSecond = kNumbersPerSecond / kKeys;
    auto next = std::chrono::steady_clock::now();
    for (std::int64_t step = 0; getppid() != 1; ++step) {
        for (int key = 0; key < kKeys; ++key)
            writer.add(step, 0, "bench.key" + std::to_string(key), std::sin(static_cast<double>(step) * 0.01 * (key + 1)));
        std::this_thread::sleep_until(next += std::chrono::microseconds(1'000'000 / kPerSecond));
    }
    _exit(0);
}

/** As the window starts it. */
pid_t startWorking(const fs::path &project)
{
    const pid_t child = fork();
    if (child == 0) {
        execl(KINOSCOPE_BINARY_DIR "/bin/kino", "kino", "work", project.c_str(), "--threads", "2", nullptr);
        _exit(127);
    }
    return child;
}

class Minute {
public:
    Minute(test::WatchedApplication &application, Ids ids) : m_application(application), m_ids(ids)
    {
        page().setWorkerProgram({});
        m_window.resize(1600, 1000);
        m_window.show();
    }

    int run(const fs::path &project)
    {
        m_window.openPaths({project});
        m_window.commands().showExperiments->trigger();
        RunTableView &table = page().runs().view();
        if (!QTest::qWaitFor([&] { return table.runs().runs() > kRuns; }, 60'000)) {
            std::fprintf(stderr, "the table shows %zu runs\n", table.runs().runs());
            return 1;
        }
        table.choose({m_ids.million, m_ids.training, m_ids.million - 1});
        page().curves().setKeys({QStringLiteral("train.loss"), QStringLiteral("bench.key1"), QStringLiteral("bench.key7")});
        const auto isThere = [this] { return pointsOf(m_ids.million, "train.loss") == kPoints && grown() > 0; };
        if (!QTest::qWaitFor(isThere, 60'000)) {
            std::fprintf(stderr, "%zu runs are chosen, and these curves shown:\n", table.chosen().size());
            for (const CurveChart *chart : page().curves().charts()) {
                for (const Curve &curve : chart->curves())
                    std::fprintf(stderr, "%s of run %lld: %zu points\n", qPrintable(chart->title()), static_cast<long long>(curve.id), curve.series->size());
            }
            return 1;
        }
        const std::size_t before = grown();
        m_application.startWatching();
        QElapsedTimer since;
        since.start();
        for (int turn = 0; since.elapsed() < kMinuteMs; ++turn) {
            act(turn);
            QTest::qWait(kTurnMs);
        }
        takeHandlers();
        const double seconds = static_cast<double>(since.elapsed()) * 1e-3;
        std::fprintf(stderr, "the curve beside it grew by %.0f points a second\n", static_cast<double>(grown() - before) / seconds);
        return grown() > before ? 0 : 1;
    }

private:
    ExperimentsPage &page() { return m_window.experiments(); }

    std::size_t grown() { return pointsOf(m_ids.training, "bench.key1"); }

    /** As they are drawn: 0 before they are. */
    std::size_t pointsOf(JobId run, const char *key)
    {
        for (const CurveChart *chart : page().curves().charts()) {
            for (const Curve &curve : chart->curves()) {
                if (curve.id == run && chart->title() == QLatin1String(key))
                    return curve.series->size();
            }
        }
        return 0;
    }

    void wheel(CurveChart &chart, int angle)
    {
        const QPointF at = chart.plotArea().center();
        QWheelEvent event(at, chart.viewport()->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(chart.viewport(), &event);
    }

    void act(int turn)
    {
        RunTableView &table = page().runs().view();
        const int of = turn % 200;
        if (of < 40)
            table.scrollTo(table.runs().index(of * 240, 0));
        else if (of < 160 && !page().curves().charts().empty())
            wheel(*page().curves().charts()[0], of % 40 < 20 ? 120 : -120);
        else if (of == 160)
            table.sortByColumn(RunTableModel::firstOfData + turn / 200 % 3, turn / 200 % 2 ? Qt::AscendingOrder : Qt::DescendingOrder);
        else if (of == 170)
            QTest::keyClicks(&page().runs().filter(), QStringLiteral("encoder.name = mw2"));
        else if (of == 185)
            page().runs().filter().clear();
        else if (of == 195)
            table.choose({m_ids.million, m_ids.training, m_ids.million - 1 - turn / 200});
    }

    void takeHandlers()
    {
        std::vector<double> held, repaints;
        std::vector<test::WatchedApplication::Handler> handlers = m_application.stopWatching();
        std::ranges::sort(handlers, std::greater<>(), [](const auto &each) { return each.computedMs + each.waitedMs; });
        for (std::size_t worst = 0; worst < std::min<std::size_t>(12, handlers.size()); ++worst) {
            const auto &each = handlers[worst];
            std::fprintf(stderr, "at %.1f s %.1f ms computed, %.1f ms waited in event %d of %s (%.1f ms in %s)\n", each.atMs * 1e-3, each.computedMs, each.waitedMs,
                         each.eventType, each.receiver, each.slowestMs, each.slowest);
        }
        // A graphics scene paints within an event of its own: that is a repaint too.
        for (const auto &handler : handlers) {
            const bool isRepaint = handler.eventType == QEvent::UpdateRequest || QLatin1String(handler.receiver) == QLatin1String("QGraphicsScene");
            (isRepaint ? repaints : held).push_back(handler.computedMs + handler.waitedMs);
        }
        std::fprintf(stderr, "%zu handlers, %zu repaints\n", held.size(), repaints.size());
        const auto quantile = [](std::vector<double> &values, double share) {
            std::ranges::sort(values);
            return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
        };
        bench::printMeasure("handlers of the Experiments page while a job trains: p99", quantile(held, 0.99), "ms", 8);
        bench::printMeasure("the worst of these and of their repaints", std::max(quantile(held, 1), quantile(repaints, 1)), "ms", 30);
        bench::printMeasure("its repaints (table and curves): p99", quantile(repaints, 0.99), "ms", 16);
    }

    test::WatchedApplication &m_application;
    Ids m_ids;
    MainWindow m_window;
};

} // namespace

int main(int argc, char **argv)
{
    const fs::path project = benchFolder() / "bench.kino";
    const std::optional<Ids> ids = makeProject(project);
    if (!ids) {
        std::fprintf(stderr, "the project could not be made\n");
        return 1;
    }
    const pid_t writer = startWriting(project, ids->training);
    const pid_t worker = startWorking(project);
    int result = 1;
    {
        test::WatchedApplication application(argc, argv);
        QApplication::setApplicationName(QStringLiteral("kinoscope-bench"));
        QApplication::setOrganizationName(QStringLiteral("kinoscope"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((benchFolder() / "settings").string()));
        applyTheme(application, ThemeKind::light);
        const auto trains = [&] { return MetricReader(project).points(ids->training, "train.loss").size() > 2; };
        if (QTest::qWaitFor(trains, 120'000))
            result = Minute(application, *ids).run(project);
        else
            std::fprintf(stderr, "the job did not begin to train\n");
        const std::size_t steps = MetricReader(project).points(ids->training, "train.loss").size();
        std::fprintf(stderr, "the job made %zu steps meanwhile\n", steps);
    }
    for (const pid_t child : {worker, writer}) {
        ::kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }
    fs::remove_all(benchFolder());
    return result;
}
