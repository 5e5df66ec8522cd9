#include "app/kinoscope/clocks/clock_panel.h"

#include "app/kinoscope/clocks/clock_row.h"
#include "app/kinoscope/session.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/value_axis.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kMargin = 12;
constexpr Nanos kLeastMoveNs = kNanosPerMillisecond;
constexpr double kLeastMovePpm = 20;

QLabel *makeTitle(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont strong = parent->font();
    strong.setWeight(QFont::DemiBold);
    label->setFont(strong);
    return label;
}

QLabel *makeNote(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setProperty("role", QStringLiteral("dim"));
    label->setFont(smallFont(parent->font()));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

/** No event is sharper than a tenth of a millisecond. */
QString pointText(Nanos ns) { return valueText(toSeconds(ns), 1e-4); }

QString driftText(double driftPpm) { return (std::abs(driftPpm) < 0.05 ? QStringLiteral("0") : valueText(driftPpm, std::abs(driftPpm) < 10 ? 0.1 : 1)) + QStringLiteral(" ppm"); }

/** To a thousandth, without zeros that say nothing. */
QString driftFieldText(double driftPpm)
{
    QString text = valueText(driftPpm, 0.001);
    while (text.contains(QLatin1Char('.')) && (text.endsWith(QLatin1Char('0')) || text.endsWith(QLatin1Char('.'))))
        text.chop(1);
    return text;
}

} // namespace

std::optional<Nanos> nanosFromSecondsText(QString text)
{
    text = text.trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-')).replace(QLatin1Char(','), QLatin1Char('.'));
    if (text.endsWith(QLatin1Char('s')))
        text = text.chopped(1).trimmed();
    const bool isNegative = text.startsWith(QLatin1Char('-'));
    if (isNegative || text.startsWith(QLatin1Char('+')))
        text.remove(0, 1);
    const QString whole = text.section(QLatin1Char('.'), 0, 0);
    const QString part = text.section(QLatin1Char('.'), 1);
    const auto isDigits = [](const QString &each) { return std::ranges::all_of(each, [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); }); };
    // Nine digits of whole seconds are thirty years; more belong to no recording.
    if (whole.size() + part.size() == 0 || whole.size() > 9 || part.size() > 9 || !isDigits(whole) || !isDigits(part))
        return std::nullopt;
    const Nanos ns = whole.toLongLong() * kNanosPerSecond + part.leftJustified(9, QLatin1Char('0')).toLongLong();
    return isNegative ? -ns : ns;
}

QString secondsText(Nanos ns)
{
    const auto size = ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
    QString part = QString::number(size % kNanosPerSecond).rightJustified(9, QLatin1Char('0'));
    while (part.size() > 3 && part.endsWith(QLatin1Char('0')))
        part.chop(1);
    return (ns < 0 ? QStringLiteral("\u2212") : QString()) + QString::number(size / kNanosPerSecond) + QLatin1Char('.') + part;
}

ClockPanel::ClockPanel(Session &session, ClockSetter &setter, Commands &commands, TimelineView &timeline, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_setter(setter), m_commands(commands), m_timeline(timeline), m_finder(session, runner), m_matcher(session, setter, m_finder, runner),
      m_guide(session, setter), m_head(new PanelHead(tr("Clocks"), this)), m_rows(new QVBoxLayout), m_empty(makeNote(this)), m_body(new QWidget)
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *events = new QToolButton(m_head);
    events->setDefaultAction(commands.showEvents);
    events->setToolButtonStyle(Qt::ToolButtonIconOnly);
    events->setAccessibleName(plainText(*commands.showEvents));
    m_head->addTrailing(events);

    m_body->setProperty("panel", QStringLiteral("side"));
    m_body->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 4, 0, 8);
    column->setSpacing(0);
    m_rows->setSpacing(0);
    column->addLayout(m_rows);
    m_empty->setContentsMargins(kMargin, 4, kMargin, 4);
    m_empty->setText(tr("Devices and videos of the chosen recording appear here; each can be moved against the others."));
    column->addWidget(m_empty);
    makeMoves(*column);
    makePoints(*column);
    makeProposals(*column);
    m_keptNote = makeNote(m_body);
    m_keptNote->setContentsMargins(kMargin, 12, kMargin, 0);
    m_keptNote->setText(tr("Kept only while this recording is open: it is in no project."));
    column->addWidget(m_keptNote);
    column->addStretch(1);

    auto *scroll = new QScrollArea(this);
    scroll->setWidget(m_body);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);

    connect(&setter, &ClockSetter::changed, this, &ClockPanel::refresh);
    connect(&session, &Session::videoClockworkChanged, this, &ClockPanel::refreshNumbers);
    connect(&session, &Session::recordingChanged, this, [this] { m_wantedEvent = 0; });
    connect(&m_guide, &PointGuide::changed, this, &ClockPanel::refreshPoints);
    connect(&m_finder, &EventFinder::changed, this, [this] { m_timeline.setEvents(m_finder.events()); });
    connect(&m_finder, &EventFinder::busyChanged, this, [this](bool busy) {
        refreshProposals();
        if (!busy && m_wantedEvent != 0)
            goToEvent(std::exchange(m_wantedEvent, 0));
        Q_EMIT settledChanged();
    });
    connect(&m_matcher, &EventMatcher::changed, this, &ClockPanel::refreshProposals);
    connect(&m_matcher, &EventMatcher::busyChanged, this, &ClockPanel::settledChanged);
    wireCommands();
    refresh();
}

/** A push button that does what an action does, and can when it can. */
QPushButton *ClockPanel::buttonFor(QAction *action, const QString &text)
{
    auto *button = new QPushButton(text, m_body);
    button->setStyleSheet(QStringLiteral("padding: 0 2px;"));
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoDefault(false);
    button->setAccessibleName(plainText(*action));
    const auto follow = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
    };
    connect(action, &QAction::changed, button, follow);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    return button;
}

void ClockPanel::makeMoves(QVBoxLayout &column)
{
    auto *box = new QWidget(m_body);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(kMargin, 12, kMargin, 0);
    grid->setHorizontalSpacing(4);
    grid->setVerticalSpacing(4);
    m_moveTitle = makeTitle({}, box);
    grid->addWidget(m_moveTitle, 0, 0, 1, 3);
    const QString minus = QString(QChar(0x2212));
    grid->addWidget(buttonFor(m_commands.earlierBySecond, minus + tr("1 s")), 1, 0);
    grid->addWidget(buttonFor(m_commands.earlierByFrame, minus + tr("1 frame")), 1, 1);
    grid->addWidget(buttonFor(m_commands.earlierByMillisecond, minus + tr("1 ms")), 1, 2);
    grid->addWidget(buttonFor(m_commands.laterBySecond, tr("+1 s")), 2, 0);
    grid->addWidget(buttonFor(m_commands.laterByFrame, tr("+1 frame")), 2, 1);
    grid->addWidget(buttonFor(m_commands.laterByMillisecond, tr("+1 ms")), 2, 2);
    const auto field = [&](int row, const QString &name, const QString &unit, const QString &tip) {
        auto *edit = new QLineEdit(box);
        edit->setAlignment(Qt::AlignRight);
        edit->setAccessibleName(name);
        edit->setToolTip(tip);
        edit->installEventFilter(this);
        auto *label = new QLabel(name, box);
        label->setBuddy(edit);
        grid->addWidget(label, row, 0);
        auto *line = new QHBoxLayout;
        line->setSpacing(6);
        line->addWidget(edit, 1);
        auto *suffix = new QLabel(unit, box);
        suffix->setProperty("role", QStringLiteral("dim"));
        suffix->setFixedWidth(28);
        line->addWidget(suffix);
        grid->addLayout(line, row, 1, 1, 2);
        connect(edit, &QLineEdit::editingFinished, this, &ClockPanel::takeNumbers);
        return edit;
    };
    grid->setRowMinimumHeight(3, 4);
    m_offset = field(4, tr("Offset"), tr("s"), tr("Where the recording's clock stands when this one is at zero"));
    m_drift = field(5, tr("Drift"), tr("ppm"), tr("By how many millionths the seconds of this clock are longer"));
    m_reset = new QPushButton(tr("Reset to as imported"), box);
    m_reset->setProperty("look", QStringLiteral("link"));
    m_reset->setAutoDefault(false);
    connect(m_reset, &QPushButton::clicked, &m_setter, &ClockSetter::resetToImported);
    grid->addWidget(m_reset, 6, 0, 1, 3);
    for (const int each : {0, 1, 2})
        grid->setColumnStretch(each, 1);
    column.addWidget(box);
}

void ClockPanel::makePoints(QVBoxLayout &column)
{
    auto *box = new QWidget(m_body);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(kMargin, 12, kMargin, 0);
    rows->setSpacing(6);
    rows->addWidget(makeTitle(tr("Points"), box));
    for (int point = 0; point < 2; ++point) {
        m_pointLabels.push_back(makeNote(box));
        rows->addWidget(m_pointLabels.back());
    }
    m_instruction = new QLabel(box);
    m_instruction->setWordWrap(true);
    rows->addWidget(m_instruction);
    m_problem = makeNote(box);
    rows->addWidget(m_problem);
    m_setPoints = buttonFor(m_commands.setPoints, tr("Set by two points\u2026"));
    m_take = buttonFor(m_commands.takePoint, tr("Take this instant  \u23ce"));
    m_take->setProperty("look", QStringLiteral("primary"));
    m_take->setStyleSheet({});
    m_apply = new QPushButton(box);
    m_takeBack = new QPushButton(tr("Back"), box);
    m_leave = buttonFor(m_commands.leavePoints, tr("Leave"));
    m_apply->setAutoDefault(false);
    m_takeBack->setAutoDefault(false);
    m_takeBack->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    rows->addWidget(m_setPoints);
    rows->addWidget(m_take);
    rows->addWidget(m_apply);
    auto *line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(m_takeBack, 1);
    line->addWidget(m_leave, 1);
    rows->addLayout(line);
    connect(m_takeBack, &QPushButton::clicked, &m_guide, &PointGuide::takeBack);
    connect(m_apply, &QPushButton::clicked, &m_guide, &PointGuide::apply);
    column.addWidget(box);
}

void ClockPanel::makeProposals(QVBoxLayout &column)
{
    auto *box = new QWidget(m_body);
    auto *rows = new QVBoxLayout(box);
    rows->setContentsMargins(kMargin, 12, kMargin, 0);
    rows->setSpacing(6);
    rows->addWidget(makeTitle(tr("Events that fit"), box));
    m_matchNote = makeNote(box);
    rows->addWidget(m_matchNote);
    for (std::size_t each = 0; each < EventMatcher::kMost; ++each) {
        auto *row = new QWidget(box);
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        auto *text = new QLabel(row);
        text->setWordWrap(true);
        text->setFont(smallFont(font()));
        auto *apply = new QPushButton(tr("Apply"), row);
        apply->setAutoDefault(false);
        line->addWidget(text, 1);
        line->addWidget(apply, 0, Qt::AlignTop);
        rows->addWidget(row);
        m_proposals.push_back({row, text, apply});
        connect(apply, &QPushButton::clicked, this, [this, each] {
            if (each < m_matcher.proposals().size())
                m_setter.set(ClockState(m_matcher.proposals()[each].after), tr("Set clock of %1 by events").arg(QString::fromStdString(m_setter.target()->name)));
        });
    }
    column.addWidget(box);
}

void ClockPanel::wireCommands()
{
    const auto nudge = [this](QAction *action, NudgeStep step, int direction) {
        connect(action, &QAction::triggered, &m_setter, [this, step, direction] { m_setter.nudge(step, direction); });
    };
    nudge(m_commands.laterByMillisecond, NudgeStep::millisecond, 1);
    nudge(m_commands.earlierByMillisecond, NudgeStep::millisecond, -1);
    nudge(m_commands.laterByFrame, NudgeStep::frame, 1);
    nudge(m_commands.earlierByFrame, NudgeStep::frame, -1);
    nudge(m_commands.laterBySecond, NudgeStep::second, 1);
    nudge(m_commands.earlierBySecond, NudgeStep::second, -1);
    connect(m_commands.setPoints, &QAction::triggered, this, [this](bool on) {
        m_commands.toggleClocks->setChecked(true);
        if (on)
            m_guide.start();
        else
            m_guide.cancel();
    });
    connect(m_commands.takePoint, &QAction::triggered, &m_guide, &PointGuide::take);
    connect(m_commands.leavePoints, &QAction::triggered, &m_guide, &PointGuide::cancel);
    connect(m_commands.showEvents, &QAction::toggled, this, [this](bool on) {
        m_finder.setWanted(on);
        refreshProposals();
    });
    connect(m_commands.toggleClocks, &QAction::toggled, this, [this](bool on) {
        if (on)
            m_commands.showEvents->setChecked(true);
    });
    connect(m_commands.nextEvent, &QAction::triggered, this, [this] { goToEvent(1); });
    connect(m_commands.previousEvent, &QAction::triggered, this, [this] { goToEvent(-1); });
}

void ClockPanel::goToEvent(int direction)
{
    if (!m_finder.isWanted()) {
        m_wantedEvent = direction;
        m_commands.showEvents->setChecked(true);
        return;
    }
    if (m_finder.isBusy()) {
        m_wantedEvent = direction;
        return;
    }
    if (const std::optional<RecordingTime> time = m_finder.neighbour(m_session.playhead(), direction)) {
        m_session.setPlayhead(*time);
        m_session.followPlayhead();
    }
}

bool ClockPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (leavesByEscape(watched, event)) {
        event->accept();
        if (event->type() == QEvent::KeyPress)
            m_guide.cancel();
        return true;
    }
    if (watched != m_offset && watched != m_drift)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        static_cast<QLineEdit *>(watched)->setModified(false); // what was typed is let go
        refreshNumbers();
        m_timeline.setFocus(Qt::OtherFocusReason);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

/** While points are set, Escape leaves them, before anything else that it may do; but for fields and what lies over the window. */
bool ClockPanel::leavesByEscape(const QObject *watched, const QEvent *event) const
{
    if (!m_guide.isOn() || (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) || static_cast<const QKeyEvent *>(event)->key() != Qt::Key_Escape)
        return false;
    const auto *widget = qobject_cast<const QWidget *>(watched);
    return widget && widget->window() == window() && !qobject_cast<const QLineEdit *>(widget) && widget->objectName() != QLatin1String("overlay");
}

void ClockPanel::takeNumbers()
{
    const std::optional<ClockState> now = m_setter.state();
    if (!now)
        return;
    Nanos offsetNs = now->offsetNs;
    double driftPpm = now->driftPpm;
    // Only what was changed is taken: what is shown may be rounded.
    if (m_offset->isModified()) {
        const std::optional<Nanos> typed = nanosFromSecondsText(m_offset->text());
        if (!typed) {
            const QString text = m_offset->text();
            m_offset->setModified(false);
            refreshNumbers();
            Q_EMIT m_setter.failed(tr("\u201c%1\u201d is no number of seconds.").arg(text));
            return;
        }
        offsetNs = *typed;
    }
    if (m_drift->isModified()) {
        bool isNumber = false;
        const double typed = m_drift->text().trimmed().replace(QChar(0x2212), QLatin1Char('-')).replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&isNumber);
        if (!isNumber) {
            const QString text = m_drift->text();
            m_drift->setModified(false);
            refreshNumbers();
            Q_EMIT m_setter.failed(tr("\u201c%1\u201d is no number of millionths.").arg(text));
            return;
        }
        driftPpm = typed;
    }
    m_offset->setModified(false);
    m_drift->setModified(false);
    m_setter.setNumbers(offsetNs, driftPpm);
    refreshNumbers();
}

void ClockPanel::refresh()
{
    refreshRows();
    refreshNumbers();
    refreshPoints();
    refreshProposals();
}

void ClockPanel::refreshRows()
{
    const std::vector<ClockTarget> targets = m_setter.targets();
    if (targets != m_rowTargets) {
        for (ClockRow *row : m_rowButtons)
            row->deleteLater();
        m_rowButtons.clear();
        m_rowTargets = targets;
        for (const ClockTarget &target : targets) {
            auto *row = new ClockRow(m_body);
            connect(row, &ClockRow::clicked, &m_setter, [this, target] { m_setter.setTarget(target); });
            m_rows->addWidget(row);
            m_rowButtons.push_back(row);
        }
    }
    for (std::size_t each = 0; each < targets.size(); ++each) {
        const ClockState clock = clockOf(*m_session.recording(), targets[each].owner, targets[each].name);
        m_rowButtons[each]->setTexts(QString::fromStdString(targets[each].name), clockOriginText(clock.evidence), offsetText(clock.offsetNs), driftText(clock.driftPpm));
        m_rowButtons[each]->setChecked(m_setter.target() == targets[each]);
    }
    m_empty->setVisible(targets.empty());
    for (QWidget *section : {m_moveTitle->parentWidget(), m_instruction->parentWidget(), m_matchNote->parentWidget()})
        section->setVisible(!targets.empty());
    m_keptNote->setVisible(!targets.empty() && !m_setter.isKept());
}

void ClockPanel::refreshNumbers()
{
    const std::optional<ClockState> now = m_setter.state();
    for (QAction *action : {m_commands.laterByMillisecond, m_commands.earlierByMillisecond, m_commands.laterBySecond, m_commands.earlierBySecond, m_commands.setPoints, m_commands.nextEvent, m_commands.previousEvent})
        action->setEnabled(now.has_value());
    for (QAction *action : {m_commands.laterByFrame, m_commands.earlierByFrame})
        action->setEnabled(now && m_setter.nudgeNs(NudgeStep::frame, 1) != 0);
    if (!now)
        return;
    m_moveTitle->setText(m_moveTitle->fontMetrics().elidedText(tr("Move %1").arg(QString::fromStdString(m_setter.target()->name)), Qt::ElideMiddle, std::max(120, m_body->width() - 2 * kMargin)));
    // Not under somebody's fingers.
    const auto show = [](QLineEdit &field, const QString &text) {
        if (!field.hasFocus() || !field.isModified())
            field.setText(text);
    };
    show(*m_offset, secondsText(now->offsetNs));
    show(*m_drift, driftFieldText(now->driftPpm));
    const std::optional<ClockState> imported = m_setter.imported();
    m_reset->setVisible(imported && *imported != *now);
}

void ClockPanel::refreshPoints()
{
    const std::optional<ClockState> now = m_setter.state();
    const bool isOn = m_guide.isOn();
    m_commands.setPoints->setChecked(isOn);
    m_commands.takePoint->setEnabled(isOn && m_guide.stage() != PointGuide::Stage::complete);
    m_commands.leavePoints->setEnabled(isOn);
    qApp->removeEventFilter(this);
    if (isOn)
        qApp->installEventFilter(this);
    m_timeline.setPins(m_guide.pins());
    const std::vector<ClockPoint> points = isOn ? m_guide.points() : now && now->evidence ? now->evidence->points : std::vector<ClockPoint>();
    for (std::size_t each = 0; each < m_pointLabels.size(); ++each) {
        QString text;
        if (now && each < points.size()) {
            const Nanos off = points[each].recording - now->map<DeviceClock>().toRecording({points[each].ownNs});
            text = tr("%1.  own %2 s is %3 s; ").arg(each + 1).arg(pointText(points[each].ownNs), pointText(points[each].recording.ns))
                   + (off == 0 ? tr("fits") : tr("now off by %1").arg(offsetText(off)));
        } else if (isOn && each == points.size() && m_guide.pending()) {
            text = tr("%1.  shown at %2 s, truly at \u2026").arg(each + 1).arg(pointText(m_guide.pending()->ns));
        }
        m_pointLabels[each]->setText(text);
        m_pointLabels[each]->setVisible(!text.isEmpty());
    }
    const QString problem = m_guide.isOn() ? m_guide.problem() : QString();
    const QString name = m_setter.target() ? QString::fromStdString(m_setter.target()->name) : QString();
    m_instruction->setText(isOn ? m_guide.instruction() : tr("Say which instant of %1 is which of the others: one point gives the offset, two far apart the drift.").arg(name));
    m_instruction->setProperty("role", isOn ? QVariant() : QVariant(QStringLiteral("dim")));
    m_instruction->setFont(isOn ? font() : smallFont(font()));
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_setPoints->setVisible(!isOn);
    m_take->setVisible(isOn && m_guide.stage() != PointGuide::Stage::complete);
    m_takeBack->setVisible(isOn);
    m_takeBack->setEnabled(!m_guide.points().empty() || m_guide.pending());
    m_leave->setVisible(isOn);
    const std::optional<ClockState> after = isOn ? m_guide.result() : std::nullopt;
    m_apply->setVisible(isOn && !m_guide.points().empty() && !m_guide.pending());
    m_apply->setEnabled(after && *after != now);
    m_apply->setText(after ? tr("Apply %1, %2").arg(offsetText(after->offsetNs), driftText(after->driftPpm)) : tr("Apply"));
}

void ClockPanel::refreshProposals()
{
    const std::vector<ClockProposal> &proposals = m_matcher.proposals();
    for (std::size_t each = 0; each < m_proposals.size(); ++each) {
        const bool isShown = m_finder.isWanted() && each < proposals.size();
        m_proposals[each].row->setVisible(isShown);
        if (!isShown)
            continue;
        const OffsetProposal &pairing = proposals[each].pairing;
        const std::optional<ClockState> now = m_setter.state();
        const Nanos move = now ? proposals[each].after.offsetNs - now->offsetNs : 0;
        // Less than these events are sharp is no move.
        const bool isThere = std::abs(pairing.offsetNs) < kLeastMoveNs && std::abs(pairing.driftPpm) < kLeastMovePpm;
        const QString count = pairing.pairs.size() == 1 ? tr("1 event fits") : tr("%1 events fit").arg(pairing.pairs.size());
        QString text = isThere ? tr("%1 as it lies now").arg(count) : tr("%1 at %2").arg(count, offsetText(move));
        if (!isThere && pairing.driftPpm != 0)
            text += tr(" and %1").arg((pairing.driftPpm > 0 ? QStringLiteral("+") : QString()) + driftText(pairing.driftPpm));
        if (pairing.pairs.size() > 1)
            text += tr(", left over %1 ms").arg(valueText(pairing.residualNs * 1e-6, 0.1));
        text += tr(", chance %1 %").arg(pairing.chance < 1e-4 ? QStringLiteral("< 0.01") : valueText(pairing.chance * 100, 0.01));
        m_proposals[each].text->setText(text);
        m_proposals[each].apply->setVisible(!isThere);
    }
    QString note;
    if (!m_finder.isWanted())
        note = tr("Claps, taps, shocks and landings on both sides propose where %1 lies once they are shown (%2).").arg(m_setter.target() ? QString::fromStdString(m_setter.target()->name) : QString(), shortcutText(*m_commands.showEvents));
    else if (m_finder.isBusy())
        note = tr("Looking for events\u2026");
    else if (proposals.empty())
        note = tr("Found in %1: %2, in the others: %3. %4")
                   .arg(m_setter.target() ? QString::fromStdString(m_setter.target()->name) : QString())
                   .arg(m_matcher.ownEvents())
                   .arg(m_matcher.otherEvents())
                   .arg(m_matcher.ownEvents() == 0 || m_matcher.otherEvents() == 0 ? tr("Nothing to pair.") : tr("No offset stands out from chance."));
    m_matchNote->setText(note);
    m_matchNote->setVisible(!note.isEmpty());
}

} // namespace kino
