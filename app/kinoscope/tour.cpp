#include "app/kinoscope/tour.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/annotate/compare_dialog.h"
#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/import/dialog.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/library/menu.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "widgets/window/command_palette.h"
#include "widgets/library/view.h"
#include "widgets/window/message_line.h"
#include "widgets/window/panel_dock.h"
#include "widgets/window/shortcut_sheet.h"
#include "widgets/form/json_editor.h"
#include "widgets/spectrogram/view.h"

#include <QAction>
#include <QApplication>
#include <QCoreApplication>
#include <QDialog>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QToolButton>
#include <QPainter>

#include <cstdio>

namespace kino {
namespace {

/** The demo is made at its first visit, and its first runs are trained; files are read in less. */
constexpr int kTimeoutMs = 300'000;
/** Where in the recording the picture is taken. */
constexpr double kPlayheadShare = 0.44;

/** Where the screen shows it: in the middle of the window. */
void drawDialog(QPixmap &picture, const QDialog &dialog)
{
    QPainter painter(&picture);
    const QPixmap inside = const_cast<QDialog &>(dialog).grab();
    const QSize whole = picture.size() / picture.devicePixelRatio();
    const QRect place(QPoint((whole.width() - dialog.width()) / 2, (whole.height() - dialog.height()) / 2), dialog.size());
    painter.drawPixmap(place.topLeft(), inside);
    painter.setPen(themeOf(dialog.palette()).line);
    painter.drawRect(place.adjusted(-1, -1, 0, 0));
}

QString themeName(ThemeKind kind) { return kind == ThemeKind::dark ? QStringLiteral("dark") : QStringLiteral("light"); }

} // namespace

QStringList Tour::pages()
{
    return {QStringLiteral("start"), QStringLiteral("inspect"), QStringLiteral("inspect-model"), QStringLiteral("inspect-close"), QStringLiteral("palette"), QStringLiteral("keys"), QStringLiteral("library"), QStringLiteral("annotate"), QStringLiteral("compare"), QStringLiteral("label-set"), QStringLiteral("clocks"), QStringLiteral("windows"), QStringLiteral("import"), QStringLiteral("experiments"), QStringLiteral("confusion"), QStringLiteral("new-job")};
}

Tour::Tour(MainWindow &window, TourPlan plan, QObject *parent) : QObject(parent), m_window(window), m_plan(std::move(plan))
{
    addStops();
    m_timeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this, [this] {
        const QString message = m_window.messages().message();
        fail(tr("the page did not get its content within %1 s%2").arg(kTimeoutMs / 1000).arg(message.isEmpty() ? QString() : QStringLiteral(": ") + message));
    });
    // Settled states come and go within one turn of the event loop; what lasts until its end counts.
    m_settle.setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &Tour::advanceWhenSettled);
    connect(&window, &MainWindow::settledChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&window.library(), &Library::failed, this, [this](const QString &, const QString &details) { m_lastFailure = details; });
    connect(&window.jobs(), &JobFeed::queueChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&window.session(), &Session::recordingChanged, &m_settle, qOverload<>(&QTimer::start));
}

void Tour::addStops()
{
    const auto add = [this](const char *page, std::function<void()> prepare, std::function<void()> leave = {}) {
        if (m_plan.page.isEmpty() || m_plan.page == QLatin1String(page))
            m_stops.push_back({QLatin1String(page), std::move(prepare), std::move(leave)});
    };
    add("inspect", [this] { showPlace(); });
    add("inspect-model", [this] { showModelInput(); }, [this] { m_window.inspect().spectrogram().showSettings(false); });
    add("inspect-close", [this] { showClosely(); }, [this] {
        m_window.session().setLoop(std::nullopt);
        m_window.session().setAutoScale(false);
        m_window.session().setFoldOpen(false);
    });
    add("clocks", [this] { showClocks(); }, [this] {
        m_window.inspect().clocks().guide().cancel();
        m_window.commands().toggleClocks->setChecked(false);
        m_window.commands().showEvents->setChecked(false);
    });
    add("palette", [this] {
        showPlace();
        m_window.palettePanel().open(m_window.commands().all(), QStringLiteral("pl"));
    }, [this] { m_window.palettePanel().hide(); });
    add("keys", [this] {
        showPlace();
        m_window.shortcutSheet().open(m_window.allCommands());
    }, [this] { m_window.shortcutSheet().hide(); });
    add("library", [this] { showLibrary(); }, [this] { m_window.inspect().library().clearFilters(); });
    add("annotate", [this] { showAnnotation(LabelledPart::untilPlayhead); }, [this] { takeLabelsBack(); });
    add("compare", [this] {
        showAnnotation(LabelledPart::whole);
        m_window.commands().compareTiers->trigger();
        if (auto *dialog = m_window.findChild<CompareDialog *>(); dialog && m_window.annotator().set())
            dialog->choose(QStringLiteral("activity"), QStringLiteral("second annotator"));
    }, [this] {
        closeDialogs();
        takeLabelsBack();
    });
    add("label-set", [this] {
        showPlace();
        m_window.editLabelSet(false);
    }, [this] { closeDialogs(); });
    add("windows", [this] { showWindows(); }, [this] { m_window.commands().toggleWindows->setChecked(false); });
    add("import", [this] { showImport(); }, [this] { m_window.libraryMenu().importDialog()->reject(); });
    add("experiments", [this] { showExperiments(); }, [this] { m_window.commands().showInspect->trigger(); });
    add("confusion", [this] {
        showExperiments();
        m_window.experiments().dock(QStringLiteral("confusion"))->raise();
    }, [this] {
        m_window.experiments().resetLayout();
        m_window.commands().showInspect->trigger();
    });
    add("new-job", [this] { showNewJob(); }, [this] {
        closeDialogs();
        m_window.commands().showInspect->trigger();
    });
}

void Tour::start()
{
    if (!m_plan.folder.mkpath(QStringLiteral("."))) {
        fail(tr("the folder %1 cannot be made").arg(m_plan.folder.path()));
        return;
    }
    m_timeout.start(kTimeoutMs);
    m_sinceOpened.start();
    m_window.setTheme(m_plan.themes.front());
    m_window.resize(m_plan.size);
    m_window.show();
    if (m_plan.page.isEmpty() || m_plan.page == QLatin1String("start")) {
        QCoreApplication::sendPostedEvents();
        if (!photograph(QStringLiteral("start"), {{QStringLiteral("recordings"), m_window.library().count()}}))
            return;
    }
    if (m_plan.page == QLatin1String("start")) {
        finish();
        return;
    }
    m_sinceOpened.restart();
    if (m_plan.paths.empty())
        m_window.openDemo();
    else
        m_window.library().open(m_plan.paths, WhenUncertain::importAnyway);
}

bool Tour::hasContent() const
{
    const Session &session = m_window.session();
    if (!session.recording())
        return false;
    const Recording &recording = *session.recording();
    const bool hasSignals = std::ranges::any_of(recording.devices, [](const Device &device) {
        return std::ranges::any_of(device.streams, [](const ImuStream &stream) { return stream.samples() > 0 && !stream.values.empty(); });
    });
    if (hasSignals && session.lanes().empty())
        return false;
    return recording.videos.empty() || m_window.inspect().video().shownFrame().has_value() || m_window.inspect().video().isSettled();
}

void Tour::advanceWhenSettled()
{
    if (m_isDone)
        return;
    if (!m_window.library().isBusy() && m_window.library().count() == 0) {
        fail(m_lastFailure.isEmpty() ? tr("nothing could be opened") : m_lastFailure);
        return;
    }
    if (!m_window.session().recording())
        return;
    if (m_firstPaintMs == 0)
        m_firstPaintMs = static_cast<double>(m_sinceOpened.nsecsElapsed()) * 1e-6;
    if (!m_window.isSettled() || !hasContent() || !areJobsShown())
        return;
    if (!m_stop) {
        m_settledMs = static_cast<double>(m_sinceOpened.nsecsElapsed()) * 1e-6;
        m_stop = 0;
        m_stops.front().prepare();
        m_settle.start();
        return;
    }
    const Stop &stop = m_stops[*m_stop];
    if (photograph(stop.page, describe()))
        next();
}

void Tour::next()
{
    if (m_stops[*m_stop].leave)
        m_stops[*m_stop].leave();
    ++*m_stop;
    if (*m_stop == m_stops.size()) {
        finish();
        return;
    }
    m_stops[*m_stop].prepare();
    m_settle.start();
}

/** Ten seconds about the playhead, as the picture that a model is given, with its settings. */
void Tour::showModelInput()
{
    Session &session = m_window.session();
    const Nanos half = 5 * kNanosPerSecond;
    session.setSelection(std::nullopt);
    session.setVisibleRange({session.playhead() - half, session.playhead() + half});
    m_window.inspect().spectrogram().chooseSource(QStringLiteral("triaxial"));
    m_window.inspect().spectrogram().showSettings(true);
}

/** A place where something happens, and a selection, as a person would have them. */
void Tour::showPlace()
{
    Session &session = m_window.session();
    const TimeRange bounds = session.bounds();
    const auto at = [&](double share) { return bounds.start + static_cast<Nanos>(share * static_cast<double>(bounds.duration())); };
    session.fit();
    session.setPlayhead(at(kPlayheadShare));
    session.setSelection(TimeRange{at(0.27), at(0.49)});
    // Where little of the recording was filmed, a place that was.
    if (const auto &clockwork = session.videoClockwork(); clockwork && clockwork->frames.size() > 0 && !session.frameAtPlayhead())
        session.setPlayhead(firstTimeAt(clockwork->clock, {clockwork->frames.ptsNs[clockwork->frames.size() / 2]}));
}

/** A search that finds something. */
void Tour::showLibrary()
{
    showPlace();
    LibraryView &view = m_window.inspect().library();
    const std::vector<LibraryFacet> labels = m_window.library().model().labels();
    view.clearFilters();
    if (!labels.empty())
        view.searchField().setText(labels.front().name.toLower());
}

/** Windows below the signals, near enough to see each, and what there are of them in all recordings. */
void Tour::showWindows()
{
    showPlace();
    Session &session = m_window.session();
    session.setSelection(std::nullopt);
    const Nanos half = std::min<Nanos>(session.bounds().duration() / 2, 20 * kNanosPerSecond);
    session.setVisibleRange({session.playhead() - half, session.playhead() + half});
    m_window.commands().countAllWindows->trigger();
}

/** The open recording as an unknown logger would have written it: no profile, no units, milliseconds, mg. */
void Tour::showImport()
{
    m_window.session().setSelection(std::nullopt);
    const QString path = QDir::temp().filePath(QStringLiteral("kinoscope-tour/unknown_logger_07.csv"));
    QDir::temp().mkpath(QStringLiteral("kinoscope-tour"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        fail(tr("%1 cannot be written").arg(path));
        return;
    }
    QByteArray text("# firmware 1.8\nt;acc_x;acc_y;acc_z;temp\n");
    constexpr std::size_t kRows = 6000;
    for (const auto &lane : m_window.session().streamLanes()) {
        if (lane->values.size() != 3)
            continue;
        for (std::size_t row = 0; row < std::min(kRows, lane->timesNs.size()); ++row) {
            text += QByteArray::number(static_cast<qint64>((lane->timesNs[row] - lane->timesNs[0]) / kNanosPerMillisecond));
            for (const auto &values : lane->values)
                text += ';' + QByteArray::number(static_cast<double>(values[row]) / 9.80665e-3, 'f', 1).replace('.', ',');
            // One row as a loose plug leaves it.
            text += row == 11 ? ";ERR\n" : ";31,5\n";
        }
        break;
    }
    file.write(text);
    file.close();
    m_window.libraryMenu().openImportDialog({path.toStdString()});
}

/**
 * A second annotator's tier beside the first one's, made as a person makes it: labels drawn, one of them selected, and one
 * open that grows with the playhead. All of it is taken back when the page is left: the project may be a person's own.
 */
void Tour::showAnnotation(LabelledPart part)
{
    Session &session = m_window.session();
    Annotator &annotator = m_window.annotator();
    m_window.inspect().showDock(QStringLiteral("labels"));
    showPlace();
    session.setSelection(std::nullopt);
    if (!annotator.set() || annotator.set()->tiers().empty())
        return;
    const TimeRange bounds = session.bounds();
    const Nanos length = bounds.duration();
    session.setVisibleRange({bounds.start + length / 4, bounds.start + length * 3 / 4});
    const StoredTier *first = annotator.set()->findTier(annotator.currentTier());
    if (!first || annotator.set()->findTier("second annotator"))
        return;
    // As the first one said it, with a hand that is not quite as quick.
    std::vector<Annotation> heard;
    std::string here;
    for (const StoredAnnotation &row : first->annotations) {
        if (part == LabelledPart::whole || row.annotation.end < session.playhead())
            heard.push_back(row.annotation);
        if (row.annotation.start < session.playhead() && session.playhead() < row.annotation.end)
            here = row.annotation.label;
    }
    const auto made = annotator.perform([](const AnnotationSet &set, AnnotationIds &ids) { return addTier(set, ids, "second annotator", TierKind::label); });
    if (!made)
        return;
    annotator.setCurrentTier(made->tiers.front().id());
    for (std::size_t index = 0; index < heard.size(); ++index) {
        const Nanos late = static_cast<Nanos>(120 + 70 * (index % 3)) * kNanosPerMillisecond;
        annotator.labelRange({heard[index].start + late, heard[index].end + late / 2}, heard[index].label);
    }
    annotator.select({});
    if (part == LabelledPart::whole || here.empty())
        return;
    const RecordingTime now = session.playhead();
    session.setPlayhead(now - length / 20);
    annotator.pressLabel(here);
    session.setPlayhead(now);
}

void Tour::takeLabelsBack()
{
    m_window.annotator().discardOpenLabel();
    while (m_window.history().canUndo())
        m_window.history().undo();
    m_window.inspect().showDock(QStringLiteral("details"));
}

void Tour::closeDialogs()
{
    for (QDialog *dialog : m_window.findChildren<QDialog *>()) {
        if (dialog->isVisible())
            dialog->reject();
    }
}

/** Two seconds with every sample in sight: scales that fit, all lanes, a repeated stretch. */
void Tour::showClosely()
{
    Session &session = m_window.session();
    session.setSelection(std::nullopt);
    session.setVisibleRange({session.playhead() - kNanosPerSecond, session.playhead() + kNanosPerSecond});
    session.setAutoScale(true);
    session.setFoldOpen(true);
    session.setLoop(TimeRange{session.playhead() - 400 * kNanosPerMillisecond, session.playhead() + 600 * kNanosPerMillisecond});
    m_window.inspect().spectrogram().chooseSource(QStringLiteral("magnitude"));
}

/** The first clap, seen, heard and felt, while the video's clock is being set by it. */
void Tour::showClocks()
{
    Session &session = m_window.session();
    session.setSelection(std::nullopt);
    m_window.commands().toggleClocks->setChecked(true);
    session.setVisibleRange({session.bounds().start, session.bounds().start + 4 * kNanosPerSecond});
    session.setPlayhead(session.bounds().start);
    PointGuide &guide = m_window.inspect().clocks().guide();
    guide.start();
    // The event comes when events have been found; its instant is taken, the other is still to be picked.
    auto *once = new QObject(this);
    connect(&session, &Session::playheadChanged, once, [&guide, once] {
        guide.take();
        delete once;
    });
    m_window.commands().nextEvent->trigger();
}

/** The newest runs that came to an end, side by side. Two small ones are trained first where the demo has none yet. */
void Tour::showExperiments()
{
    m_window.session().setSelection(std::nullopt);
    m_window.commands().showExperiments->trigger();
    const std::shared_ptr<const QueueState> state = m_window.jobs().queue();
    if (m_plan.paths.empty() && state && state->queue.empty() && state->finished.empty()) {
        for (const char *preset : {"supervised-small.json", "simclr-small.json"})
            m_window.experiments().submitPreset(QLatin1String(preset));
    }
    // Chosen as soon as there are any.
    m_chooseRuns = true;
}

void Tour::showNewJob()
{
    m_window.commands().newJob->trigger();
    if (NewJobDialog *dialog = m_window.experiments().newJobDialog()) {
        dialog->resize(1020, std::min(760, m_window.height() - 40));
        dialog->choosePreset(QStringLiteral("simclr-small.json"));
        dialog->editor().sourceButton().setChecked(true);
    }
}

/** Waits for jobs to end, and chooses what they gave. */
bool Tour::areJobsShown()
{
    if (!m_chooseRuns)
        return true;
    const std::shared_ptr<const QueueState> state = m_window.jobs().queue();
    if (!state || (m_plan.paths.empty() && !state->queue.empty()))
        return false;
    m_chooseRuns = false;
    std::vector<qint64> ids;
    for (const RunRow &row : m_window.experiments().runs().view().runs().table().rows) {
        if (row.state == RunState::done && ids.size() < 6)
            ids.push_back(row.id);
    }
    m_window.experiments().runs().view().choose(ids);
    if (!ids.empty())
        m_window.experiments().showJob(ids.front());
    m_window.experiments().runs().view().choose(ids);
    m_settle.start();
    return false;
}

QJsonObject Tour::describe() const
{
    InspectPage &page = m_window.inspect();
    const Session &session = m_window.session();
    QJsonObject shown;
    shown[QStringLiteral("recording")] = QString::fromStdString(session.recording()->name);
    shown[QStringLiteral("recordings")] = m_window.library().count();
    QJsonArray lanes;
    for (const auto &lane : session.streamLanes())
        lanes.append(lane->id);
    shown[QStringLiteral("lanes")] = lanes;
    shown[QStringLiteral("sound")] = session.soundLane() && session.soundLane()->samples() > 0;
    QJsonArray tiers;
    for (const AnnotationTier &tier : session.recording()->tiers)
        tiers.append(QString::fromStdString(tier.name));
    shown[QStringLiteral("tiers")] = tiers;
    shown[QStringLiteral("playhead_ns")] = static_cast<qint64>(session.playhead().ns);
    shown[QStringLiteral("video_frame")] = page.video().shownFrame() ? QJsonValue(static_cast<qint64>(*page.video().shownFrame())) : QJsonValue();
    shown[QStringLiteral("video_frame_exact")] = page.video().isExact();
    const std::shared_ptr<const SpectrogramData> spectrogram = page.spectrogram().view().data();
    shown[QStringLiteral("spectrogram")] = spectrogram != nullptr;
    shown[QStringLiteral("spectrogram_as_model_input")] = page.spectrogram().showsModelBadge();
    return shown;
}

/** False where it could not be written; the tour is over then. */
bool Tour::photograph(const QString &page, const QJsonObject &shows)
{
    for (const ThemeKind theme : m_plan.themes) {
        m_window.setTheme(theme);
        // Styles are polished by posted events.
        QCoreApplication::sendPostedEvents();
        const QString name = QStringLiteral("%1-%2.png").arg(page, themeName(theme));
        QElapsedTimer painting;
        painting.start();
        QPixmap picture = m_window.grab();
        for (const QDialog *dialog : m_window.findChildren<QDialog *>()) {
            if (dialog->isVisible())
                drawDialog(picture, *dialog);
        }
        const double repaintMs = static_cast<double>(painting.nsecsElapsed()) * 1e-6;
        const QString path = m_plan.folder.filePath(name);
        if (!picture.save(path, "PNG")) {
            fail(tr("%1 cannot be written").arg(path));
            return false;
        }
        std::fprintf(stderr, "%s\n", qPrintable(path));
        QJsonObject entry;
        entry[QStringLiteral("page")] = page;
        entry[QStringLiteral("theme")] = themeName(theme);
        entry[QStringLiteral("file")] = name;
        entry[QStringLiteral("width")] = m_window.width();
        entry[QStringLiteral("height")] = m_window.height();
        entry[QStringLiteral("shows")] = shows;
        entry[QStringLiteral("first_paint_ms")] = m_firstPaintMs > 0 ? m_firstPaintMs : repaintMs;
        entry[QStringLiteral("settled_ms")] = m_settledMs;
        entry[QStringLiteral("repaint_ms")] = repaintMs;
        m_pages.append(entry);
    }
    m_window.setTheme(m_plan.themes.front());
    return true;
}

void Tour::finish()
{
    if (m_isDone)
        return;
    QFile file(m_plan.folder.filePath(QStringLiteral("tour.json")));
    const QByteArray json = QJsonDocument(QJsonObject{{QStringLiteral("pages"), m_pages}}).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size()) {
        fail(tr("%1 cannot be written").arg(file.fileName()));
        return;
    }
    m_isDone = true;
    m_timeout.stop();
    Q_EMIT finished(0);
}

void Tour::fail(const QString &why)
{
    if (m_isDone)
        return;
    m_isDone = true;
    m_timeout.stop();
    std::fprintf(stderr, "kinoscope --tour: %s\n", qPrintable(why));
    Q_EMIT finished(1);
}

} // namespace kino
