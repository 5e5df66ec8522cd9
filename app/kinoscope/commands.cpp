#include "app/kinoscope/commands.h"

#include "app/kinoscope/session.h"
#include "widgets/icons.h"

#include <QAction>
#include <QKeySequence>

namespace kino {
namespace {

constexpr double kZoomStep = 0.7;

} // namespace

QAction *Commands::add(const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> shortcuts, const QString &tip)
{
    auto *action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setIconVisibleInMenu(false);
    QList<QKeySequence> keys;
    for (const QKeyCombination key : shortcuts)
        keys += QKeySequence(key);
    action->setShortcuts(keys);
    QString shown = tip.isEmpty() ? QString(text).remove(QLatin1Char('&')).remove(QChar(0x2026)) : tip;
    if (!keys.isEmpty())
        shown += QStringLiteral("  (%1)").arg(keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(shown);
    return action;
}

Commands::Commands(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    openFiles = add(tr("&Open recordings\u2026"), QStringLiteral("open"), {Qt::CTRL | Qt::Key_O}, {});
    openFolder = add(tr("Open &folder or project\u2026"), QStringLiteral("project"), {Qt::CTRL | Qt::SHIFT | Qt::Key_O}, tr("Open all recordings below a folder, or a project"));
    openDemo = add(tr("Try the &demo project"), QStringLiteral("demo"), {}, tr("Simulated recordings with video and labels"));
    closeRecording = add(tr("&Close recording"), {}, {Qt::CTRL | Qt::Key_W}, {});
    quit = add(tr("&Quit"), {}, {Qt::CTRL | Qt::Key_Q}, {});

    play = add(tr("&Play"), QStringLiteral("play"), {Qt::Key_Space}, tr("Play or pause"));
    play->setIcon(icon(QStringLiteral("play"), IconInk::onAccent)); // it is shown on the accent
    pause = add(tr("P&ause"), QStringLiteral("pause"), {Qt::Key_K}, {});
    faster = add(tr("Play &forward, faster"), {}, {Qt::Key_L}, {});
    reverse = add(tr("Play &backward, faster"), {}, {Qt::Key_J}, {});
    stepBack = add(tr("Previous fra&me"), QStringLiteral("step-back"), {Qt::Key_Left}, {});
    stepForward = add(tr("Ne&xt frame"), QStringLiteral("step-forward"), {Qt::Key_Right}, {});
    secondBack = add(tr("One second back"), {}, {Qt::SHIFT | Qt::Key_Left}, {});
    secondForward = add(tr("One second on"), {}, {Qt::SHIFT | Qt::Key_Right}, {});
    toStart = add(tr("To the &start"), QStringLiteral("to-start"), {Qt::Key_Home}, {});
    toEnd = add(tr("To the &end"), QStringLiteral("to-end"), {Qt::Key_End}, {});

    zoomIn = add(tr("Zoom &in"), QStringLiteral("zoom-in"), {Qt::Key_Plus, Qt::Key_Equal}, {});
    zoomOut = add(tr("Zoom &out"), QStringLiteral("zoom-out"), {Qt::Key_Minus}, {});
    fit = add(tr("&Fit all"), QStringLiteral("fit"), {Qt::Key_F}, {});
    zoomToSelection = add(tr("Zoom to &selection"), {}, {Qt::SHIFT | Qt::Key_F}, {});
    toggleTheme = add(tr("Light or dark &theme"), QStringLiteral("theme"), {Qt::CTRL | Qt::Key_T}, {});
    toggleLibrary = add(tr("&Library"), {}, {Qt::CTRL | Qt::Key_1}, {});
    toggleDetails = add(tr("&Details"), {}, {Qt::CTRL | Qt::Key_2}, {});
    for (QAction *toggle : {toggleLibrary, toggleDetails}) {
        toggle->setCheckable(true);
        toggle->setChecked(true);
    }
    about = add(tr("&About Kinoscope"), {}, {}, {});
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);

    connect(play, &QAction::triggered, &session, [this] { m_session.setPlaying(!m_session.isPlaying()); });
    connect(pause, &QAction::triggered, &session, [this] { m_session.setPlaying(false); });
    connect(faster, &QAction::triggered, &session, [this] { m_session.shuttle(1); });
    connect(reverse, &QAction::triggered, &session, [this] { m_session.shuttle(-1); });
    // Where the playhead goes by key, the view goes with it.
    const auto move = [this](QAction *action, auto change) {
        connect(action, &QAction::triggered, &m_session, [this, change] {
            change();
            m_session.followPlayhead();
        });
    };
    move(stepBack, [this] { m_session.step(-1); });
    move(stepForward, [this] { m_session.step(1); });
    move(secondBack, [this] { m_session.seekBy(-kNanosPerSecond); });
    move(secondForward, [this] { m_session.seekBy(kNanosPerSecond); });
    move(toStart, [this] { m_session.setPlayhead(m_session.bounds().start); });
    move(toEnd, [this] { m_session.setPlayhead(m_session.bounds().end); });
    connect(zoomIn, &QAction::triggered, &session, [this] { m_session.zoom(kZoomStep); });
    connect(zoomOut, &QAction::triggered, &session, [this] { m_session.zoom(1 / kZoomStep); });
    connect(fit, &QAction::triggered, &session, &Session::fit);
    connect(zoomToSelection, &QAction::triggered, &session, [this] {
        if (m_session.selection())
            m_session.setVisibleRange(*m_session.selection());
    });
    connect(&session, &Session::recordingChanged, this, &Commands::updateEnabled);
    connect(&session, &Session::selectionChanged, this, &Commands::updateEnabled);
    connect(&session, &Session::playingChanged, this, &Commands::updatePlay);
    updateEnabled();
}

std::vector<QAction *> Commands::all() const
{
    const QList<QAction *> children = findChildren<QAction *>(QString(), Qt::FindDirectChildrenOnly);
    return {children.begin(), children.end()};
}

void Commands::updateEnabled()
{
    const bool isOpen = m_session.recording() != nullptr;
    for (QAction *action : {closeRecording, play, pause, faster, reverse, stepBack, stepForward, secondBack, secondForward, toStart, toEnd, zoomIn, zoomOut, fit})
        action->setEnabled(isOpen);
    zoomToSelection->setEnabled(m_session.selection().has_value());
}

void Commands::updatePlay()
{
    // The icon's ink is chosen by whoever shows it; here only what the next press will do.
    play->setText(m_session.isPlaying() ? tr("&Pause") : tr("&Play"));
    play->setIcon(icon(m_session.isPlaying() ? QStringLiteral("pause") : QStringLiteral("play"), IconInk::onAccent));
}

} // namespace kino
