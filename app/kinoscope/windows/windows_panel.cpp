#include "app/kinoscope/windows/windows_panel.h"

#include "app/kinoscope/commands.h"
#include "app/kinoscope/library/library.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/texts.h"
#include "app/kinoscope/windows/counts_view.h"
#include "core/base/error.h"
#include "core/data/windows/window_spec.h"
#include "core/store/project.h"
#include "widgets/controls/chip_button.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QButtonGroup>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <set>

namespace kino {
namespace {

constexpr int kPadding = 12;
constexpr int kKeepAfterMs = 400;
constexpr qsizetype kMostNotes = 20;
constexpr int kNotesHeight = 112;
constexpr int kLeastCounts = 132;
const char *const kSettingKey = "windows/rule";

QString settingName() { return QLatin1String(kSettingKey); }


nlohmann::json ruleJson(const WindowRule &rule)
{
    WindowSpec spec;
    spec.recordings = {"*"}; // of whatever is open
    spec.rule = rule;
    return nlohmann::json::parse(windowSpecJson(spec).dump());
}

/** Nothing where it is no rule (any more): then the usual one is as good. */
std::optional<WindowRule> ruleFromJson(const nlohmann::json &json)
{
    try {
        return windowSpecFromJson(json).rule;
    } catch (const Error &) {
        return std::nullopt;
    }
}

} // namespace

struct WindowsPanel::Answer {
    std::shared_ptr<const ChannelCoverage> coverage;
    std::shared_ptr<const WindowRows> rows;
    WindowCounts counts;
};

WindowsPanel::WindowsPanel(Session &session, Library &library, Commands &commands, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_library(library), m_line(runner, this), m_counting(runner, this), m_saving(runner, this), m_loading(runner, this),
      m_head(new PanelHead(tr("Windows"), this)), m_form(new RuleForm)
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    for (QAction *action : {commands.saveWindows, commands.copyWindowSpec}) {
        auto *button = new QToolButton(m_head);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        button->setIconSize({16, 16});
        m_head->addTrailing(button);
    }

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto *scroll = new QScrollArea(splitter);
    scroll->setAccessibleName(tr("Rule of the windows"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // its fields are reached one by one
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_form);
    scroll->viewport()->setAutoFillBackground(false);
    m_form->setAutoFillBackground(false);
    auto *results = new QWidget(splitter);
    makeResults(results);
    splitter->addWidget(scroll);
    splitter->addWidget(results);
    splitter->setSizes({500, 500});
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    column->addWidget(splitter);

    m_keep.setSingleShot(true);
    m_keep.setInterval(kKeepAfterMs);
    connect(&m_keep, &QTimer::timeout, this, &WindowsPanel::keepRule);
    connect(m_form, &RuleForm::ruleChanged, this, [this] {
        m_isRuleTouched = true;
        m_keep.start();
        cut();
        showScope();
    });
    connect(&session, &Session::recordingChanged, this, [this] {
        m_line.drop();
        m_coverage.reset();
        showChoices();
        setWindows(nullptr);
        cut();
        showScope();
    });
    connect(&session, &Session::labelsChanged, this, [this] {
        m_isProjectCountOld = true;
        showChoices();
        cut();
        showScope();
    });
    connect(&session, &Session::clocksChanged, this, [this] {
        m_line.drop();
        m_coverage.reset();
        m_isProjectCountOld = true;
        cut();
    });
    connect(&library, &Library::changed, this, &WindowsPanel::followProject);
    connect(commands.copyWindowSpec, &QAction::triggered, this, &WindowsPanel::copySpecification);
    connect(commands.saveWindows, &QAction::triggered, this, &WindowsPanel::askAndSaveTable);
    connect(commands.countAllWindows, &QAction::triggered, this, [this] {
        setScope(CountScope::all);
        countAll();
    });
    m_line.onFailure([this](const QString &sentence, const QString &) {
        m_trouble = sentence;
        setWindows(nullptr);
        showScope();
    });
    for (TaskLine *line : {&m_counting, &m_saving}) {
        line->onFailure([this](const QString &sentence, const QString &details) { Q_EMIT failed(sentence, details); });
        connect(line, &TaskLine::progressed, this, [this](double fraction) { m_progress->setValue(static_cast<int>(fraction * m_progress->maximum())); });
        connect(line, &TaskLine::busyChanged, this, &WindowsPanel::showScope);
    }
    m_loading.onFailure([](const QString &, const QString &) {}); // a project that cannot be read is told by who opens it
    for (const TaskLine *line : {&m_line, &m_counting, &m_saving, &m_loading})
        connect(line, &TaskLine::busyChanged, this, &WindowsPanel::settledChanged);
    const QByteArray kept = QSettings().value(settingName()).toByteArray();
    if (const auto rule = kept.isEmpty() ? std::nullopt : ruleFromJson(nlohmann::json::parse(kept.toStdString(), nullptr, false)))
        m_form->setRule(*rule);
    showScope();
}

WindowsPanel::~WindowsPanel()
{
    if (m_keep.isActive())
        keepRule();
}

void WindowsPanel::makeResults(QWidget *results)
{
    auto *column = new QVBoxLayout(results);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(6);
    auto *scopes = new QHBoxLayout;
    scopes->setContentsMargins(kPadding, 0, kPadding, 0);
    scopes->setSpacing(4);
    auto *group = new QButtonGroup(this);
    const auto scope = [&](const QString &name, const QString &tip, CountScope value) {
        QToolButton *button = makeChip(name, tip, results);
        button->setCheckable(true);
        button->setChecked(value == m_scope);
        group->addButton(button);
        scopes->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, value] { setScope(value); });
        return button;
    };
    m_ofRecording = scope(tr("This recording"), tr("Counts of the shown recording; they follow the rule at once"), CountScope::recording);
    m_ofAll = scope(tr("All recordings"), tr("Counts of everything in the library, by class and subject"), CountScope::all);
    scopes->addStretch(1);
    column->addLayout(scopes);

    m_message = new QLabel(results);
    m_message->setWordWrap(true);
    m_message->setContentsMargins(kPadding, 4, kPadding, 4);
    column->addWidget(m_message);
    m_count = new QPushButton(tr("Count all recordings"), results);
    m_count->setProperty("look", QStringLiteral("primary"));
    auto *countRow = new QHBoxLayout;
    countRow->setContentsMargins(kPadding, 0, kPadding, 0);
    countRow->addWidget(m_count);
    countRow->addStretch(1);
    column->addLayout(countRow);
    connect(m_count, &QPushButton::clicked, this, &WindowsPanel::countAll);

    m_progressRow = new QWidget(results);
    auto *progressRow = new QHBoxLayout(m_progressRow);
    progressRow->setContentsMargins(kPadding, 0, kPadding, 0);
    m_progress = new QProgressBar(m_progressRow);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Counting or saving windows"));
    auto *cancel = new QToolButton(m_progressRow);
    cancel->setIcon(icon(QStringLiteral("close")));
    cancel->setToolTip(tr("Stop"));
    cancel->setAccessibleName(tr("Stop counting"));
    progressRow->addWidget(m_progress, 1);
    progressRow->addWidget(cancel);
    column->addWidget(m_progressRow);
    for (TaskLine *line : {&m_counting, &m_saving})
        connect(cancel, &QToolButton::clicked, line, &TaskLine::drop);

    m_counts = new CountsView(results);
    m_counts->setMinimumHeight(kLeastCounts);
    column->addWidget(m_counts, 1);
    m_notes = new QLabel(results);
    m_notes->setWordWrap(true);
    m_notes->setProperty("role", QStringLiteral("dim"));
    m_notes->setFont(smallFont(font()));
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notes->setContentsMargins(kPadding, 0, kPadding, 8);
    m_notes->setAlignment(Qt::AlignTop);
    m_notes->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_notesArea = new QScrollArea(results);
    m_notesArea->setAccessibleName(tr("Notes about these windows"));
    m_notesArea->setWidgetResizable(true);
    m_notesArea->setFrameShape(QFrame::NoFrame);
    m_notesArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_notesArea->viewport()->setAutoFillBackground(false);
    m_notesArea->setWidget(m_notes);
    column->addWidget(m_notesArea);
}

void WindowsPanel::setActive(bool active)
{
    if (m_isActive == active)
        return;
    m_isActive = active;
    if (active) {
        showChoices();
        cut();
    } else {
        m_line.drop();
        setWindows(nullptr);
    }
    showScope();
}

void WindowsPanel::setScope(CountScope scope)
{
    m_scope = scope;
    (scope == CountScope::recording ? m_ofRecording : m_ofAll)->setChecked(true);
    showScope();
}

/** Annotations may be many: nobody walks through them while the panel is closed. */
void WindowsPanel::showChoices()
{
    if (m_isActive)
        m_form->setChoices(m_session.recording() ? choicesOf(*m_session.recording()) : RuleChoices());
}

/** Coverage is found once for a recording and its channels; all else follows the rule at once. */
void WindowsPanel::cut()
{
    if (!m_isActive || !m_session.open().recording || !m_form->problems().isEmpty()) {
        m_line.drop();
        setWindows(nullptr);
        return;
    }
    const WindowRule rule = m_form->rule();
    if (m_coveredDevices != rule.devices || m_isCoveredJoined != rule.joined || m_coveredChannels != rule.channels)
        m_coverage.reset();
    m_coveredDevices = rule.devices;
    m_isCoveredJoined = rule.joined;
    m_coveredChannels = rule.channels;
    m_sinceAsked.start();
    m_line.ask<Answer>(
        [recording = m_session.open().recording, rule, coverage = m_coverage](const TaskContext &context, const std::function<void(Answer)> &) {
            Answer answer;
            answer.coverage = coverage ? coverage : std::make_shared<const ChannelCoverage>(computeCoverage(*recording, rule.devices, rule.joined, rule.channels, context.cancel));
            const auto windows = std::make_shared<const RecordingWindows>(cutWindows(*recording, *answer.coverage, rule));
            context.cancel.throwIfCancelled();
            answer.counts = countWindows({windows.get(), 1});
            answer.rows = buildWindowRows(*recording, rule, answer.coverage, windows);
            return answer;
        },
        [this](const Answer &answer) { takeAnswer(answer); },
        // A rule that is turned shows each turn; only other channels make the answer before of no use.
        m_coverage ? WhenBusy::letFinish : WhenBusy::cancel);
}

void WindowsPanel::takeAnswer(const Answer &answer)
{
    const WindowRule &rule = answer.rows->rule;
    if (rule.devices == m_coveredDevices && rule.joined == m_isCoveredJoined && rule.channels == m_coveredChannels)
        m_coverage = answer.coverage;
    m_lastAnswerMs = static_cast<double>(m_sinceAsked.nsecsElapsed()) * 1e-6;
    m_trouble.clear();
    m_recordingCounts = answer.counts;
    setWindows(answer.rows);
    showScope();
}

void WindowsPanel::setWindows(std::shared_ptr<const WindowRows> windows)
{
    if (m_windows == windows)
        return;
    m_windows = std::move(windows);
    Q_EMIT windowsChanged();
}

std::vector<CountedRecording> WindowsPanel::recordingsOf(CountScope scope) const
{
    if (scope == CountScope::recording)
        return m_session.open().recording ? std::vector{CountedRecording{m_session.open().recording, -1}} : std::vector<CountedRecording>();
    std::vector<CountedRecording> recordings;
    for (const LibraryItem &item : m_library.model().allItems()) {
        const std::shared_ptr<const Recording> recording = m_library.recordingOf(item.id);
        const std::optional<qint64> stored = m_library.storedIdOf(item.id);
        if (recording || stored)
            recordings.push_back({recording, stored.value_or(-1)});
    }
    return recordings;
}

void WindowsPanel::countAll()
{
    if (!m_form->problems().isEmpty() || m_library.count() == 0) {
        showScope();
        return;
    }
    m_progress->setValue(0);
    m_counting.ask<ProjectCount>(
        [project = m_library.project(), recordings = recordingsOf(CountScope::all), rule = m_form->rule()](const TaskContext &context, const std::function<void(ProjectCount)> &) {
            return countProject(project, recordings, rule, context.cancel, context.progress);
        },
        [this, rule = m_form->rule()](const ProjectCount &count) {
            m_projectCount = count;
            m_projectRule = rule;
            m_isProjectCountOld = false;
            showScope();
        });
    showScope();
}

QString WindowsPanel::message() const { return m_message->isHidden() ? QString() : m_message->text(); }

QString WindowsPanel::notes() const { return m_notesArea->isHidden() ? QString() : m_notes->text(); }

void WindowsPanel::showMessage(const QString &message, bool isProblem)
{
    m_message->setVisible(!message.isEmpty());
    m_message->setProperty("role", isProblem ? QVariant() : QVariant(QStringLiteral("dim")));
    m_message->setText(isProblem ? QStringLiteral("\u26a0 ") + message : message);
    m_message->setStyleSheet(isProblem ? QStringLiteral("color: %1").arg(themeOf(palette()).bad.name()) : QString());
}

/** The numbers that are wanted, or why there are none. */
void WindowsPanel::showScope()
{
    const QStringList problems = m_form->problems();
    const bool isAll = m_scope == CountScope::all;
    const bool isCounting = isAll && m_counting.isBusy();
    const bool isOther = m_projectCount && (m_isProjectCountOld || m_projectCount->recordings != static_cast<std::size_t>(m_library.count()));
    const bool isStale = isOther || (m_projectCount && m_projectRule != m_form->rule());
    m_progressRow->setVisible(isCounting || m_saving.isBusy());
    m_count->setVisible(isAll && !isCounting && problems.isEmpty() && m_library.count() > 0 && (!m_projectCount || isStale));
    m_count->setText(m_projectCount ? tr("Count again") : tr("Count all recordings"));
    bool hasCounts = false;
    if (!problems.isEmpty()) {
        showMessage(problems.join(QLatin1Char('\n')), true);
    } else if (isAll) {
        hasCounts = m_projectCount.has_value();
        showMessage(m_library.count() == 0 ? tr("The windows of all recordings of the library are counted here.")
                    : isCounting           ? tr("Counting %1 recordings\u2026").arg(m_library.count())
                    : isOther              ? tr("Recordings have changed since these were counted.")
                    : isStale              ? tr("The rule has changed since these were counted.")
                    : hasCounts            ? QString()
                                           : tr("Counts the windows of all %1 recordings by class and subject.").arg(m_library.count()));
    } else if (!m_session.recording()) {
        showMessage(tr("The windows that this rule cuts from the chosen recording are counted here, and shown below its signals."));
    } else if (!m_trouble.isEmpty() && !m_windows) {
        showMessage(m_trouble, true);
    } else {
        hasCounts = m_windows != nullptr;
        showMessage(hasCounts ? QString() : tr("Cutting\u2026"));
    }
    m_counts->setVisible(hasCounts);
    if (hasCounts)
        m_counts->setCounts(isAll ? m_projectCount->counts : m_recordingCounts, isAll);
    showNotes();
}

/** What keeps a set of windows from being honest examples, and what gave none. */
void WindowsPanel::showNotes()
{
    QStringList notes;
    const WindowRule &rule = m_form->rule();
    const bool isAll = m_scope == CountScope::all;
    if (m_counts->isHidden()) {
        m_notesArea->hide();
        return;
    }
    if (rule.placement == WindowPlacement::grid && rule.strideSeconds < rule.seconds)
        notes += tr("Overlapping windows share samples: split by subject or recording, never by window.");
    if (isAll) {
        std::map<std::string, std::set<std::string>> subjectsOf;
        for (const ClassCount &count : m_projectCount->counts.classes)
            subjectsOf[count.label].insert(count.subject);
        const auto &subjects = m_projectCount->recordingsBySubject;
        const auto unknown = subjects.find("");
        const std::size_t known = subjects.size() - (unknown == subjects.end() ? 0 : 1);
        notes += known == 1 ? tr("1 subject gives windows.") : tr("%1 subjects give windows.").arg(known);
        if (unknown != subjects.end())
            notes += unknown->second == 1 ? tr("1 recording has no subject.") : tr("%1 recordings have no subject: a split by subject would take them for one person.").arg(unknown->second);
        QStringList ofOne;
        for (const auto &[label, who] : subjectsOf) {
            if (known > 1 && who.size() == 1 && !label.empty())
                ofOne += text(label);
        }
        if (!ofOne.isEmpty())
            notes += tr("Of one subject only, so that a split by subject cannot both train and test them: %1.").arg(ofOne.join(QStringLiteral(", ")));
        for (const auto &[why, names] : m_projectCount->refusals)
            notes += names.size() == 1 ? tr("%1 gives none: %2.").arg(text(names.front()), text(why)) : tr("%1 recordings give none: %2 (%3, \u2026).").arg(names.size()).arg(text(why), text(names.front()));
    } else if (m_windows) {
        for (const std::string &refusal : m_windows->windows->refusals)
            notes += tr("No windows: %1.").arg(text(refusal));
    }
    if (notes.size() > kMostNotes) {
        const qsizetype more = notes.size() - kMostNotes;
        notes.resize(kMostNotes);
        notes += tr("And %1 more.").arg(more);
    }
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notesArea->setVisible(!notes.isEmpty());
    m_notesArea->setFixedHeight(std::min(kNotesHeight, m_notes->heightForWidth(std::max(160, m_notesArea->viewport()->width())) + 2));
}

/** A project keeps its rule; what belongs to none is this person's. */
void WindowsPanel::followProject()
{
    // Thousands of counts are not laid out anew for each recording that comes in.
    if (m_scope == CountScope::all && m_knownCount != m_library.count()) {
        m_knownCount = m_library.count();
        if (!m_counting.isBusy())
            showScope();
    }
    if (m_library.project() == m_project)
        return;
    if (m_keep.isActive())
        m_keep.stop(); // it was meant for the project that has gone; it may be closed by now
    m_project = m_library.project();
    m_isRuleTouched = false;
    m_projectCount.reset();
    m_counting.drop();
    m_loading.drop();
    showScope();
    if (m_project.empty())
        return;
    using Kept = std::optional<WindowRule>;
    m_loading.ask<Kept>(
        [folder = m_project](const TaskContext &, const std::function<void(Kept)> &) {
            const std::optional<nlohmann::json> kept = Project::open(folder).setting(kSettingKey);
            return kept ? ruleFromJson(*kept) : Kept();
        },
        [this](const Kept &kept) {
            if (!kept || m_isRuleTouched)
                return;
            m_form->setRule(*kept);
            cut();
            showScope();
        });
}

void WindowsPanel::setLabelColours(const LabelColours &colours)
{
    m_form->setLabelColours(colours);
    m_counts->setLabelColours(colours);
}

void WindowsPanel::keepRule()
{
    m_keep.stop();
    if (!m_form->problems().isEmpty())
        return;
    const nlohmann::json json = ruleJson(m_form->rule());
    if (m_project.empty())
        QSettings().setValue(settingName(), QByteArray::fromStdString(json.dump()));
    else
        m_library.keepSetting(kSettingKey, json);
}

} // namespace kino
