#include "app/kinoscope/main_window.h"
#include "app/kinoscope/tour.h"
#include "core/signal/stft.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <cstdio>
#include <optional>

namespace {

using namespace kino;

int wrongUsage(const QString &why)
{
    std::fprintf(stderr, "kinoscope: %s\n", qPrintable(why));
    return 2;
}

std::optional<QSize> sizeOf(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('x'));
    bool widthOk = false;
    bool heightOk = false;
    const QSize size(parts.value(0).toInt(&widthOk), parts.value(1).toInt(&heightOk));
    const bool isUsable = widthOk && heightOk && parts.size() == 2 && size.width() >= 640 && size.height() >= 480 && size.width() <= 8192 && size.height() <= 8192;
    return isUsable ? std::optional(size) : std::nullopt;
}

bool needsNoDisplay(std::string_view argument)
{
    return argument.starts_with("--tour") || argument == "--help" || argument == "-h" || argument == "--version" || argument == "-v" || argument == "--help-all";
}

int runTour(MainWindow &window, TourPlan plan)
{
    Tour tour(window, std::move(plan));
    QObject::connect(&tour, &Tour::finished, qApp, [](int code) { QCoreApplication::exit(code); });
    QTimer::singleShot(0, &tour, &Tour::start);
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    // Qt ends a program that finds no display with a core dump; a person is told what to do instead.
    const bool hasDisplay = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!hasDisplay && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        if (std::none_of(argv + 1, argv + argc, needsNoDisplay)) {
            std::fputs("kinoscope: there is no display. Use a desktop session or ssh -X; kinoscope --tour DIR draws the pages without one.\n", stderr);
            return 1;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    QApplication::setApplicationVersion(QStringLiteral(KINOSCOPE_VERSION));
    QApplication::setApplicationDisplayName(QStringLiteral("Kinoscope"));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Opens recordings, folders of them, or a project (P.kino).\nExample: kinoscope clip.mp4"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("paths"), QStringLiteral("Recordings, folders, or a project."), QStringLiteral("[P.kino|FILE…]"));
    const QCommandLineOption tour(QStringLiteral("tour"), QStringLiteral("Writes a picture of every page and tour.json into DIR, and leaves."), QStringLiteral("DIR"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark, or (tour) both."), QStringLiteral("THEME"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Size of the window, 1600x1000."), QStringLiteral("WxH"));
    const QCommandLineOption page(QStringLiteral("page"), QStringLiteral("One page of the tour: %1.").arg(Tour::pages().join(QStringLiteral(", "))), QStringLiteral("NAME"));
    const QCommandLineOption demo(QStringLiteral("demo"), QStringLiteral("Opens the demo, made by the simulator at the first time."));
    parser.addOptions({tour, theme, size, page, demo});
    parser.process(application);

    const QString themeText = parser.value(theme);
    if (parser.isSet(theme) && !QStringList{QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("both")}.contains(themeText))
        return wrongUsage(QStringLiteral("--theme is light, dark or both, not \"%1\".").arg(themeText));
    const std::optional<QSize> wantedSize = parser.isSet(size) ? sizeOf(parser.value(size)) : std::nullopt;
    if (parser.isSet(size) && !wantedSize)
        return wrongUsage(QStringLiteral("--size is like 1600x1000, from 640x480 to 8192x8192, not \"%1\".").arg(parser.value(size)));
    if (parser.isSet(page) && !Tour::pages().contains(parser.value(page)))
        return wrongUsage(QStringLiteral("--page is one of %1, not \"%2\".").arg(Tour::pages().join(QStringLiteral(", ")), parser.value(page)));

    std::vector<std::filesystem::path> paths;
    for (const QString &path : parser.positionalArguments())
        paths.emplace_back(path.toStdString());

    const ThemeKind system = systemThemeAtStart();
    ThemeKind kind = system;
    if (parser.isSet(tour)) {
        // A tour shows what everybody sees, whatever this person's settings are.
        QStandardPaths::setTestModeEnabled(false);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QDir::tempPath() + QStringLiteral("/kinoscope-tour-settings"));
        QSettings().clear();
        kind = themeText == QLatin1String("dark") ? ThemeKind::dark : ThemeKind::light;
    } else {
        const QString kept = parser.isSet(theme) ? themeText : QSettings().value(QStringLiteral("window/theme")).toString();
        if (kept == QLatin1String("dark") || kept == QLatin1String("light"))
            kind = kept == QLatin1String("dark") ? ThemeKind::dark : ThemeKind::light;
    }
    applyTheme(application, kind);

    MainWindow window;
    if (parser.isSet(tour)) {
        TourPlan plan;
        plan.folder = QDir(parser.value(tour));
        if (themeText == QLatin1String("light") || themeText == QLatin1String("dark"))
            plan.themes = {kind};
        else
            plan.themes = {ThemeKind::light, ThemeKind::dark};
        plan.size = wantedSize.value_or(plan.size);
        plan.page = parser.value(page);
        plan.paths = std::move(paths);
        return runTour(window, std::move(plan));
    }
    window.restoreGeometry(QSettings().value(QStringLiteral("window/geometry")).toByteArray());
    if (wantedSize)
        window.resize(*wantedSize);
    window.show();
    if (parser.isSet(demo))
        window.openDemo();
    window.openPaths(paths);
    if (paths.empty() && !parser.isSet(demo))
        window.restoreLastState();
    return QApplication::exec();
}
