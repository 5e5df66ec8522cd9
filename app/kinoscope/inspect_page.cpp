#include "app/kinoscope/inspect_page.h"

#include "app/kinoscope/details_panel.h"
#include "app/kinoscope/library.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/spectrogram_panel.h"
#include "app/kinoscope/timeline_panel.h"
#include "app/kinoscope/transport_panel.h"
#include "app/kinoscope/video_panel.h"
#include "widgets/library_view.h"

#include <QAction>
#include <QDataStream>
#include <QSplitter>
#include <QVBoxLayout>

namespace kino {
namespace {

QSplitter *makeSplitter(Qt::Orientation orientation, QWidget *parent)
{
    auto *splitter = new QSplitter(orientation, parent);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    return splitter;
}

} // namespace

InspectPage::InspectPage(Session &session, Library &library, Commands &commands, TaskRunner &runner, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    m_library = new LibraryView(&library.model(), this);
    m_video = new VideoPanel(session, runner, this);
    m_spectrogram = new SpectrogramPanel(session, runner, this);
    m_transport = new TransportPanel(session, {commands.toStart, commands.stepBack, commands.play, commands.stepForward, commands.toEnd}, this);
    m_timeline = new TimelinePanel(session, this);
    m_details = new DetailsPanel(session, runner, this);

    m_across = makeSplitter(Qt::Horizontal, this);
    m_down = makeSplitter(Qt::Vertical, this);
    m_pictures = makeSplitter(Qt::Horizontal, this);
    m_pictures->addWidget(m_video);
    m_pictures->addWidget(m_spectrogram);

    auto *lower = new QWidget(this);
    auto *column = new QVBoxLayout(lower);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *hairline = new QFrame(lower);
    hairline->setProperty("role", QStringLiteral("hairline"));
    hairline->setFixedHeight(1);
    column->addWidget(m_transport);
    column->addWidget(hairline);
    column->addWidget(m_timeline, 1);
    m_down->addWidget(m_pictures);
    m_down->addWidget(lower);
    m_across->addWidget(m_library);
    m_across->addWidget(m_down);
    m_across->addWidget(m_details);
    m_across->setStretchFactor(1, 1);
    m_pictures->setStretchFactor(0, 56);
    m_pictures->setStretchFactor(1, 44);
    m_down->setStretchFactor(0, 39);
    m_down->setStretchFactor(1, 61);

    auto *row = new QVBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_across);

    for (QSplitter *splitter : {m_across, m_down, m_pictures})
        connect(splitter, &QSplitter::splitterMoved, this, [this] { m_isUsual = false; });
    connect(m_library, &LibraryView::chosen, &library, &Library::choose);
    connect(&session, &Session::recordingChanged, this, [this, &session] { m_library->setCurrent(session.open().id); });
    // Without a video its place is the spectrogram's.
    connect(&session, &Session::recordingChanged, this, [this, &session] { m_video->setVisible(!session.recording() || !session.recording()->videos.empty()); });
    connect(m_timeline, &TimelinePanel::playToggleRequested, commands.play, &QAction::trigger);
    connect(m_video, &VideoPanel::failed, this, &InspectPage::failed);
    connect(commands.toggleLibrary, &QAction::toggled, m_library, &QWidget::setVisible);
    connect(commands.toggleDetails, &QAction::toggled, m_details, &QWidget::setVisible);
}

QByteArray InspectPage::saveLayout() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << m_across->saveState() << m_down->saveState() << m_pictures->saveState();
    return state;
}

void InspectPage::restoreLayout(const QByteArray &state)
{
    QDataStream stream(state);
    for (QSplitter *splitter : {m_across, m_down, m_pictures}) {
        QByteArray each;
        stream >> each;
        if (stream.status() != QDataStream::Ok || !splitter->restoreState(each)) {
            resetLayout();
            return;
        }
        splitter->setHandleWidth(1);
    }
    m_isUsual = false;
}

void InspectPage::resetLayout()
{
    m_isUsual = true;
    applyUsualSizes();
}

void InspectPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_isUsual)
        applyUsualSizes();
}

void InspectPage::applyUsualSizes()
{
    // Sides as wide as they need; pictures take two fifths of the height, the video a little more than half their width.
    const int side = std::clamp(width() * 15 / 100, 196, 260);
    const int details = std::clamp(width() * 175 / 1000, 220, 300);
    const int middle = std::max(400, width() - (m_library->isHidden() ? 0 : side) - (m_details->isHidden() ? 0 : details));
    m_across->setSizes({side, middle, details});
    m_down->setSizes({height() * 39 / 100, height() - height() * 39 / 100});
    m_pictures->setSizes({middle * 56 / 100, middle - middle * 56 / 100});
    // The middle has its new size only after the outer borders are laid out.
    m_across->refresh();
}

} // namespace kino
