#include "app/kinoscope/spectrogram_panel.h"

#include "app/kinoscope/session.h"
#include "widgets/icons.h"
#include "widgets/spectrogram_view.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

/** What stands in the list of sources beside the axes' own names. */
constexpr int kMagnitude = -1;
constexpr int kTriaxial = -2;

/** About a second, as a power of two, and short enough for what there is. */
std::size_t usualWindow(const LaneData &lane)
{
    std::size_t window = 32;
    while (window < 1024 && static_cast<double>(window) < lane.timing.rateHz * 0.9 && window * 4 <= lane.samples())
        window *= 2;
    return window;
}

QComboBox *makeChoice(const QString &name, QWidget *parent)
{
    auto *choice = new QComboBox(parent);
    choice->setAccessibleName(name);
    choice->setToolTip(name);
    choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return choice;
}

} // namespace

SpectrogramPanel::SpectrogramPanel(Session &session, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_line(runner, this), m_view(new SpectrogramView(this)), m_badge(new QLabel(tr("as model input"), this))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 4);
    column->setSpacing(4);
    makeHead();
    makeSettings();
    column->addWidget(m_view, 1);

    connect(&session, &Session::recordingChanged, this, [this] {
        m_line.drop();
        m_isWanted = false;
        for (const Device &device : m_session.recording() ? m_session.recording()->devices : std::vector<Device>())
            m_isWanted = m_isWanted || std::ranges::any_of(device.streams, [](const ImuStream &stream) { return stream.samples() > 0; });
        m_view->setMessage(!m_session.recording() ? tr("The spectrogram of the chosen stream appears here.")
                           : m_isWanted           ? tr("Preparing\u2026")
                                                  : tr("This recording has no signals."));
        m_view->setVisibleRange(m_session.visibleRange());
        m_view->setPlayhead(m_session.recording() ? std::optional(m_session.playhead()) : std::nullopt);
        updateBadge();
    });
    connect(&session, &Session::lanesChanged, this, &SpectrogramPanel::showLanes);
    connect(&session, &Session::visibleRangeChanged, this, [this] {
        m_view->setVisibleRange(m_session.visibleRange());
        ask();
    });
    connect(&session, &Session::playheadChanged, this, [this] { m_view->setPlayhead(m_session.playhead()); });
    connect(m_view, &SpectrogramView::playheadRequested, &session, &Session::setPlayhead);
    connect(m_view, &SpectrogramView::visibleRangeRequested, &session, &Session::setVisibleRange);
    connect(m_view, &SpectrogramView::fitRequested, &session, &Session::fit);
    connect(m_view, &SpectrogramView::plotResized, this, &SpectrogramPanel::ask);
    connect(&m_line, &TaskLine::busyChanged, this, [this](bool busy) {
        if (busy)
            return;
        updateBadge();
        Q_EMIT settledChanged();
    });
    m_line.onFailure([this](const QString &sentence, const QString &) {
        // Not a fault but an answer: why there is no picture of this.
        m_view->setMessage(sentence);
        updateBadge();
    });
    m_view->setMessage(tr("The spectrogram of the chosen stream appears here."));
    showLanes();
}

void SpectrogramPanel::makeHead()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    auto *title = new QLabel(tr("Spectrogram"), this);
    title->setFont(panelTitleFont(font()));
    m_stream = makeChoice(tr("Stream"), this);
    m_stream->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_stream->setMinimumWidth(96);
    m_stream->setMaximumWidth(220);
    m_source = makeChoice(tr("Axis"), this);
    m_badge->setProperty("role", QStringLiteral("badge"));
    m_badge->setToolTip(tr("The picture is, cell for cell, what a model would be given for exactly this stretch."));
    m_settingsButton = new QToolButton(this);
    m_settingsButton->setIcon(icon(QStringLiteral("settings")));
    m_settingsButton->setCheckable(true);
    m_settingsButton->setToolTip(tr("Window, hop, range and colours"));
    m_settingsButton->setAccessibleName(tr("Spectrogram settings"));
    row->addWidget(title);
    row->addWidget(m_stream, 1);
    row->addWidget(m_source);
    row->addStretch(0);
    row->addWidget(m_badge);
    row->addWidget(m_settingsButton);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
    connect(m_stream, &QComboBox::activated, this, [this] {
        fillSources();
        ask();
    });
    connect(m_source, &QComboBox::activated, this, &SpectrogramPanel::ask);
}

void SpectrogramPanel::makeSettings()
{
    m_settings = new QWidget(this);
    auto *row = new QHBoxLayout(m_settings);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    m_window = makeChoice(tr("Window, in samples"), m_settings);
    m_window->addItem(tr("Window auto"), 0);
    for (const int samples : {32, 64, 128, 256, 512, 1024, 2048})
        m_window->addItem(tr("Window %1").arg(samples), samples);
    m_hop = makeChoice(tr("Hop, as part of the window"), m_settings);
    for (const int part : {1, 2, 4, 8, 16})
        m_hop->addItem(part == 1 ? tr("Hop 1/1") : tr("Hop 1/%1").arg(part), part);
    m_range = makeChoice(tr("Range of levels"), m_settings);
    m_range->addItem(tr("Range auto"), 0);
    for (const int decibels : {20, 40, 60, 80, 100})
        m_range->addItem(tr("Range %1 dB").arg(decibels), decibels);
    m_map = makeChoice(tr("Colours"), m_settings);
    const std::vector<std::pair<ColourMap, QString>> maps{{ColourMap::magma, tr("Magma")}, {ColourMap::viridis, tr("Viridis")},
                                                          {ColourMap::cividis, tr("Cividis")}, {ColourMap::grey, tr("Grey")},
                                                          {ColourMap::invertedGrey, tr("Inverted grey")}};
    for (const auto &[map, name] : maps)
        m_map->addItem(name, static_cast<int>(map));
    for (QComboBox *choice : {m_window, m_hop, m_range, m_map}) {
        choice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        row->addWidget(choice, 1);
    }
    const QSettings settings;
    const auto restore = [&settings](QComboBox *choice, const QString &key, int usual) {
        choice->setCurrentIndex(std::max(0, choice->findData(settings.value(key, usual).toInt())));
    };
    restore(m_window, QStringLiteral("spectrogram/window"), 0);
    restore(m_hop, QStringLiteral("spectrogram/hop"), 8);
    restore(m_range, QStringLiteral("spectrogram/range"), 0);
    restore(m_map, QStringLiteral("spectrogram/map"), static_cast<int>(ColourMap::magma));
    m_settingsButton->setChecked(settings.value(QStringLiteral("spectrogram/settings"), false).toBool());
    m_settings->setVisible(m_settingsButton->isChecked());
    m_view->setColourMap(static_cast<ColourMap>(m_map->currentData().toInt()));
    static_cast<QVBoxLayout *>(layout())->addWidget(m_settings);

    connect(m_settingsButton, &QToolButton::toggled, this, [this](bool shown) {
        m_settings->setVisible(shown);
        saveSettings();
    });
    for (QComboBox *choice : {m_window, m_hop}) {
        connect(choice, &QComboBox::activated, this, [this] {
            saveSettings();
            ask();
        });
    }
    connect(m_range, &QComboBox::activated, this, [this] {
        saveSettings();
        showRange();
    });
    connect(m_map, &QComboBox::activated, this, [this] {
        saveSettings();
        m_view->setColourMap(static_cast<ColourMap>(m_map->currentData().toInt()));
    });
}

void SpectrogramPanel::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("spectrogram/window"), m_window->currentData());
    settings.setValue(QStringLiteral("spectrogram/hop"), m_hop->currentData());
    settings.setValue(QStringLiteral("spectrogram/range"), m_range->currentData());
    settings.setValue(QStringLiteral("spectrogram/map"), m_map->currentData());
    settings.setValue(QStringLiteral("spectrogram/settings"), m_settingsButton->isChecked());
}

/** A chosen span hangs from the strongest level that the data suggests. */
void SpectrogramPanel::showRange()
{
    const int span = m_range->currentData().toInt();
    const std::shared_ptr<const SpectrogramData> data = m_view->data();
    if (span == 0 || !data) {
        m_view->setDecibels(std::nullopt);
        return;
    }
    const float high = data->suggestedDecibels.highDb;
    m_view->setDecibels(DecibelRange{high - static_cast<float>(span), high});
}

std::shared_ptr<const LaneData> SpectrogramPanel::chosenLane() const
{
    const QString id = m_stream->currentData().toString();
    for (const auto &lane : m_session.lanes()) {
        if (lane->id == id)
            return lane;
    }
    return nullptr;
}

void SpectrogramPanel::showLanes()
{
    const QString before = m_stream->currentData().toString();
    bool severalDevices = false;
    for (const auto &lane : m_session.lanes())
        severalDevices = severalDevices || lane->device != m_session.lanes().front()->device;
    {
        const QSignalBlocker blocker(m_stream);
        m_stream->clear();
        for (const auto &lane : m_session.lanes()) {
            m_stream->addItem(severalDevices ? lane->device + QStringLiteral(" / ") + lane->title : lane->title, lane->id);
            m_stream->setItemData(m_stream->count() - 1, lane->id, Qt::ToolTipRole);
        }
        m_stream->setCurrentIndex(std::max(0, m_stream->findData(before)));
    }
    m_stream->setEnabled(!m_session.lanes().empty());
    m_source->setEnabled(!m_session.lanes().empty());
    if (chosenLane() == m_shownLane && m_shownLane)
        return;
    fillSources();
    ask();
}

void SpectrogramPanel::fillSources()
{
    const QSignalBlocker blocker(m_source);
    const QVariant before = m_source->currentData();
    m_source->clear();
    const std::shared_ptr<const LaneData> lane = chosenLane();
    if (!lane)
        return;
    for (int axis = 0; axis < static_cast<int>(lane->values.size()); ++axis)
        m_source->addItem(lane->axes.value(axis, QString::number(axis)), axis);
    if (lane->values.size() > 1)
        m_source->addItem(tr("magnitude"), kMagnitude);
    if (lane->values.size() == 3)
        m_source->addItem(tr("x y z"), kTriaxial);
    const int usual = lane->values.size() > 1 ? m_source->findData(kMagnitude) : 0;
    const int kept = before.isValid() ? m_source->findData(before) : -1;
    m_source->setCurrentIndex(kept >= 0 ? kept : usual);
}

void SpectrogramPanel::chooseStream(const QString &id)
{
    const int index = m_stream->findData(id);
    if (index < 0)
        return;
    m_stream->setCurrentIndex(index);
    fillSources();
    ask();
}

void SpectrogramPanel::chooseSource(const QString &name)
{
    const int index = name == QLatin1String("triaxial") ? m_source->findData(kTriaxial) : m_source->findText(name);
    if (index < 0)
        return;
    m_source->setCurrentIndex(index);
    ask();
}

void SpectrogramPanel::showSettings(bool shown) { m_settingsButton->setChecked(shown); }

void SpectrogramPanel::ask()
{
    m_shownLane = chosenLane();
    if (!m_shownLane || m_session.visibleRange().isEmpty())
        return;
    m_isWanted = false;
    SpectrogramRequest request;
    request.lane = m_shownLane;
    const int source = m_source->currentData().toInt();
    if (source == kMagnitude)
        request.source = SpectrogramSource::magnitude;
    else if (source == kTriaxial)
        request.source = SpectrogramSource::triaxial;
    else
        request.axis = static_cast<std::size_t>(source);
    const int window = m_window->currentData().toInt();
    request.stft.windowSamples = window > 0 ? static_cast<std::size_t>(window) : usualWindow(*m_shownLane);
    request.stft.hopSamples = std::max<std::size_t>(1, request.stft.windowSamples / static_cast<std::size_t>(m_hop->currentData().toInt()));
    request.visible = m_session.visibleRange();
    request.columns = static_cast<std::size_t>(std::max(1.0, m_view->plotArea().width() * devicePixelRatioF()));
    m_view->setUnit(m_shownLane->unit);
    m_sinceAsked.start();
    using Data = std::shared_ptr<const SpectrogramData>;
    // While the view moves on, the picture of a moment ago is better than none.
    m_line.ask<Data>([request](const TaskContext &context, const std::function<void(Data)> &) { return computeSpectrogram(request, context.cancel); },
                     [this](const Data &data) {
                         m_lastAnswerMs = static_cast<double>(m_sinceAsked.nsecsElapsed()) * 1e-6;
                         m_view->setData(data);
                         showRange();
                         updateBadge();
                     },
                     WhenBusy::letFinish);
    updateBadge();
}

bool SpectrogramPanel::showsModelBadge() const
{
    const std::shared_ptr<const SpectrogramData> data = m_view->data();
    return data && data->isModelInput && !m_line.isBusy();
}

void SpectrogramPanel::updateBadge() { m_badge->setVisible(showsModelBadge()); }

} // namespace kino
