#include "app/kinoscope/inspect/spectrogram_panel.h"

#include "app/kinoscope/session.h"
#include "widgets/controls/choice_box.h"
#include "widgets/style/icons.h"
#include "widgets/window/panel_dock.h"
#include "widgets/spectrogram/view.h"
#include "widgets/style/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

/** What stands in the list of sources beside the axes' own names. */
constexpr int kMagnitude = -1;
constexpr int kTriaxial = -2;
constexpr int kAutoLevel = -1000;
/** The timeline draws so many from its pyramids alone. */
constexpr std::size_t kWideSamples = std::size_t{1} << 20;
constexpr int kWidthForOneRow = 860;
constexpr int kTitleFrom = 420;
constexpr int kTitleFromWithBadge = 480;

/** About a second, as a power of two, and short enough for what there is. */
std::size_t usualWindow(const LaneData &lane)
{
    std::size_t window = 32;
    while (window < 1024 && static_cast<double>(window) < lane.timing.rateHz * 0.9 && window * 4 <= lane.samples())
        window *= 2;
    return window;
}

} // namespace

SpectrogramPanel::SpectrogramPanel(Session &session, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_line(runner, this), m_view(new SpectrogramView(this)), m_head(new PanelHead(tr("Spectrogram"), this)), m_badge(new QLabel(tr("as model input"), this))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
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
    m_stream = new ChoiceBox(tr("Stream"), m_head);
    m_stream->setMaximumWidth(220);
    m_source = new ChoiceBox(tr("Axis"), m_head);
    m_badge->setProperty("role", QStringLiteral("badge"));
    m_badge->setFont(smallFont(font()));
    m_badge->setToolTip(tr("The picture is, cell for cell, what a model would be given for exactly this stretch."));
    m_settingsButton = new QToolButton(m_head);
    m_settingsButton->setIcon(icon(QStringLiteral("settings")));
    m_settingsButton->setCheckable(true);
    m_settingsButton->setToolTip(tr("Window, hop, levels, scale and colours"));
    m_settingsButton->setAccessibleName(tr("Spectrogram settings"));
    m_head->addControl(m_stream, 3);
    m_head->addControl(m_source, 2);
    m_head->addTrailing(m_badge);
    m_head->addTrailing(m_settingsButton);
    m_source->setMinimumWidth(76);
    m_source->setMaximumWidth(140);
    for (ChoiceBox *choice : {m_stream, m_source})
        choice->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_stream, &QComboBox::activated, this, [this] {
        fillSources();
        ask();
    });
    connect(m_source, &QComboBox::activated, this, &SpectrogramPanel::ask);
}

/** A caption over a list, kept under `key` from start to start. */
ChoiceBox *SpectrogramPanel::addSetting(const QString &caption, const QString &key, std::initializer_list<std::pair<QString, int>> choices, int usual)
{
    auto *cell = new QWidget(m_settings);
    auto *column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *label = new QLabel(caption, cell);
    label->setFont(smallFont(font()));
    label->setProperty("role", QStringLiteral("dim"));
    auto *choice = new ChoiceBox(caption, cell);
    label->setBuddy(choice);
    for (const auto &[text, value] : choices)
        choice->addItem(text, value);
    const QString name = QStringLiteral("spectrogram/") + key;
    choice->setCurrentIndex(std::max(0, choice->findData(QSettings().value(name, usual).toInt())));
    choice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    column->addWidget(label);
    column->addWidget(choice);
    m_cells.push_back(cell);
    connect(choice, &QComboBox::activated, this, [choice, name] { QSettings().setValue(name, choice->currentData()); });
    return choice;
}

void SpectrogramPanel::makeSettings()
{
    m_settings = new QWidget(this);
    m_grid = new QGridLayout(m_settings);
    m_grid->setContentsMargins(12, 0, 12, 4);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(6);
    m_window = addSetting(tr("Window"), QStringLiteral("window"),
                          {{tr("Auto"), 0}, {QStringLiteral("32"), 32}, {QStringLiteral("64"), 64}, {QStringLiteral("128"), 128}, {QStringLiteral("256"), 256}, {QStringLiteral("512"), 512}, {QStringLiteral("1024"), 1024}, {QStringLiteral("2048"), 2048}}, 0);
    m_shape = addSetting(tr("Shape"), QStringLiteral("shape"),
                         {{tr("Hann"), static_cast<int>(WindowShape::hann)}, {tr("Hamming"), static_cast<int>(WindowShape::hamming)}, {tr("Blackman"), static_cast<int>(WindowShape::blackman)}, {tr("Rectangular"), static_cast<int>(WindowShape::rectangular)}, {tr("Hann, symmetric"), static_cast<int>(WindowShape::hannSymmetric)}},
                         static_cast<int>(WindowShape::hann));
    m_hop = addSetting(tr("Hop, of window"), QStringLiteral("hop"), {{tr("Auto"), 0}, {tr("Whole"), 1}, {QStringLiteral("1/2"), 2}, {QStringLiteral("1/4"), 4}, {QStringLiteral("1/8"), 8}, {QStringLiteral("1/16"), 16}}, 0);
    m_padding = addSetting(tr("Zero padding"), QStringLiteral("padding"), {{tr("None"), 1}, {tr("To 2\u00d7"), 2}, {tr("To 4\u00d7"), 4}, {tr("To 8\u00d7"), 8}}, 1);
    m_top = addSetting(tr("Top level"), QStringLiteral("top"), {{tr("Auto"), kAutoLevel}, {QStringLiteral("\u221220 dB"), -20}, {QStringLiteral("0 dB"), 0}, {QStringLiteral("20 dB"), 20}, {QStringLiteral("40 dB"), 40}, {QStringLiteral("60 dB"), 60}}, kAutoLevel);
    m_range = addSetting(tr("Range"), QStringLiteral("range"), {{tr("Auto"), 0}, {QStringLiteral("20 dB"), 20}, {QStringLiteral("40 dB"), 40}, {QStringLiteral("60 dB"), 60}, {QStringLiteral("80 dB"), 80}, {QStringLiteral("100 dB"), 100}}, 0);
    m_scale = addSetting(tr("Frequency"), QStringLiteral("scale"), {{tr("Linear"), static_cast<int>(FrequencyScale::linear)}, {tr("Logarithmic"), static_cast<int>(FrequencyScale::logarithmic)}}, static_cast<int>(FrequencyScale::linear));
    m_map = addSetting(tr("Colours"), QStringLiteral("map"),
                       {{tr("Magma"), static_cast<int>(ColourMap::magma)}, {tr("Viridis"), static_cast<int>(ColourMap::viridis)}, {tr("Cividis"), static_cast<int>(ColourMap::cividis)}, {tr("Grey"), static_cast<int>(ColourMap::grey)}, {tr("Inverted grey"), static_cast<int>(ColourMap::invertedGrey)}},
                       static_cast<int>(ColourMap::magma));
    m_settingsButton->setChecked(QSettings().value(QStringLiteral("spectrogram/settings"), false).toBool());
    m_settings->setVisible(m_settingsButton->isChecked());
    m_view->setColourMap(static_cast<ColourMap>(m_map->currentData().toInt()));
    m_view->setFrequencyScale(static_cast<FrequencyScale>(m_scale->currentData().toInt()));
    static_cast<QVBoxLayout *>(layout())->addWidget(m_settings);
    layOutSettings();

    connect(m_settingsButton, &QToolButton::toggled, this, [this](bool shown) {
        m_settings->setVisible(shown);
        QSettings().setValue(QStringLiteral("spectrogram/settings"), shown);
        Q_EMIT settingsShown(shown);
    });
    for (const ChoiceBox *choice : {m_window, m_shape, m_hop, m_padding})
        connect(choice, &QComboBox::activated, this, &SpectrogramPanel::ask);
    for (const ChoiceBox *choice : {m_range, m_top})
        connect(choice, &QComboBox::activated, this, &SpectrogramPanel::showRange);
    connect(m_scale, &QComboBox::activated, this, [this] {
        m_view->setFrequencyScale(static_cast<FrequencyScale>(m_scale->currentData().toInt()));
        updateBadge();
    });
    connect(m_map, &QComboBox::activated, this, [this] { m_view->setColourMap(static_cast<ColourMap>(m_map->currentData().toInt())); });
}

/** In one row where there is room, else in two. */
void SpectrogramPanel::layOutSettings()
{
    const int columns = width() >= kWidthForOneRow ? static_cast<int>(m_cells.size()) : static_cast<int>(m_cells.size() + 1) / 2;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (std::size_t index = 0; index < m_cells.size(); ++index)
        m_grid->addWidget(m_cells[index], static_cast<int>(index) / columns, static_cast<int>(index) % columns);
    for (int column = 0; column < static_cast<int>(m_cells.size()); ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void SpectrogramPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOutSettings();
}

/** The triaxial image has constants of its own: what does not apply to it cannot be chosen. */
void SpectrogramPanel::updateModelOnly()
{
    const bool isTriaxial = m_source->currentData().toInt() == kTriaxial;
    for (ChoiceBox *choice : {m_window, m_shape, m_hop, m_padding, m_top, m_range, m_map}) {
        choice->setEnabled(!isTriaxial);
        choice->setToolTip(isTriaxial ? tr("%1: the image of x, y and z is made as the model's is, with a window, hop, levels and colours of its own. Choose one axis or the magnitude to set it.").arg(choice->accessibleName()) : QString());
    }
}

bool SpectrogramPanel::areSettingsShown() const { return m_settingsButton->isChecked(); }

/** An eighth of the window, less where that would make steps that one sees, more where there are too many to be seen. */
std::size_t SpectrogramPanel::usualHop(std::size_t window) const
{
    const double visible = m_shownLane ? toSeconds(m_session.visibleRange().duration()) * m_shownLane->timing.rateHz : 0;
    const double pixels = std::max(1, m_view->plotArea().width()) * devicePixelRatioF();
    std::size_t hop = std::max<std::size_t>(1, window / 8);
    while (hop > std::max<std::size_t>(1, window / 64) && visible / static_cast<double>(hop) < pixels / 6)
        hop /= 2;
    while (hop < window / 2 && visible / static_cast<double>(hop) > pixels * 4)
        hop *= 2;
    return hop;
}

StftOptions SpectrogramPanel::stftOptions() const
{
    StftOptions options;
    const int window = m_window->currentData().toInt();
    options.windowSamples = window > 0 ? static_cast<std::size_t>(window) : m_shownLane ? usualWindow(*m_shownLane) : 128;
    const auto part = static_cast<std::size_t>(m_hop->currentData().toInt());
    options.hopSamples = part > 0 ? std::max<std::size_t>(1, options.windowSamples / part) : usualHop(options.windowSamples);
    options.fftSamples = options.windowSamples * static_cast<std::size_t>(m_padding->currentData().toInt());
    options.shape = static_cast<WindowShape>(m_shape->currentData().toInt());
    return options;
}

/** What is left to the data is suggested by it; with both chosen, pictures of different recordings can be compared. */
void SpectrogramPanel::showRange()
{
    const int span = m_range->currentData().toInt();
    const int top = m_top->currentData().toInt();
    const std::shared_ptr<const SpectrogramData> data = m_view->data();
    if ((span == 0 && top == kAutoLevel) || !data) {
        m_view->setDecibels(std::nullopt);
        return;
    }
    const DecibelRange suggested = data->suggestedDecibels;
    const float high = top == kAutoLevel ? suggested.highDb : static_cast<float>(top);
    const float length = span == 0 ? suggested.highDb - suggested.lowDb : static_cast<float>(span);
    m_view->setDecibels(DecibelRange{high - length, high});
}

std::shared_ptr<const LaneData> SpectrogramPanel::chosenLane() const
{
    const QString id = m_stream->currentData().toString();
    for (const auto &lane : m_session.streamLanes()) {
        if (lane->id == id)
            return lane;
    }
    return nullptr;
}

void SpectrogramPanel::showLanes()
{
    const bool severalDevices = haveSeveralDevices(m_session.streamLanes());
    QStringList titles;
    QStringList ids;
    for (const auto &lane : m_session.streamLanes()) {
        titles += severalDevices ? lane->device + QStringLiteral(" / ") + lane->title : lane->title;
        ids += lane->id;
    }
    if (ids == m_listedIds && titles == m_listedTitles) {
        // The same streams under another clock: only the picture is another.
        if (chosenLane() != m_shownLane)
            ask();
        return;
    }
    m_listedIds = ids;
    m_listedTitles = titles;
    const QString before = m_stream->currentData().toString();
    {
        const QSignalBlocker blocker(m_stream);
        m_stream->clear();
        for (qsizetype lane = 0; lane < ids.size(); ++lane) {
            m_stream->addItem(titles[lane], ids[lane]);
            m_stream->setItemData(m_stream->count() - 1, ids[lane], Qt::ToolTipRole);
        }
        m_stream->setCurrentIndex(std::max(0, m_stream->findData(before)));
    }
    m_stream->setEnabled(!m_session.streamLanes().empty());
    m_source->setEnabled(!m_session.streamLanes().empty());
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
    request.stft = stftOptions();
    request.visible = m_session.visibleRange();
    request.columns = static_cast<std::size_t>(std::max(1.0, m_view->plotArea().width() * devicePixelRatioF()));
    m_view->setUnit(m_shownLane->unit);
    updateModelOnly();
    m_sinceAsked.start();
    using Data = std::shared_ptr<const SpectrogramData>;
    // While the view moves on, the picture of a moment ago is better than none.
    m_line.ask<Data>(
                     [request](const TaskContext &context, const std::function<void(Data)> &) {
                         const Data data = computeSpectrogram(request, context.cancel);
                         const auto [begin, end] = request.lane->samplesIn(request.visible);
                         if (end - begin > kWideSamples)
                             request.lane->releasePages(); // what is drawn of so many comes from memory
                         return data;
                     },
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
    return data && data->isModelInput && !m_line.isBusy() && m_view->frequencyScale() == FrequencyScale::linear;
}

void SpectrogramPanel::updateBadge()
{
    const std::shared_ptr<const SpectrogramData> data = m_view->data();
    const bool isImage = data && !data->image.isNull() && !m_line.isBusy();
    const bool shows = showsModelBadge();
    m_badge->setVisible(isImage);
    if (isImage && m_badge->text() != (shows ? tr("as model input") : tr("not as model input"))) {
        m_badge->setText(shows ? tr("as model input") : tr("not as model input"));
        m_badge->setProperty("role", shows ? QStringLiteral("badge") : QStringLiteral("badge-off"));
        m_badge->style()->unpolish(m_badge);
        m_badge->style()->polish(m_badge);
    }
    if (isImage)
        m_badge->setToolTip(shows ? (data->before.image.isNull() && data->after.image.isNull() ? tr("The picture is, cell for cell, what a model would be given for exactly this stretch.")
                                                                                              : tr("Between the dashed lines the picture is, cell for cell, what a model would be given for exactly this stretch; beyond them the same goes on."))
                            : data->isModelInput ? tr("On a logarithmic scale of frequencies the picture is not what a model would be given. Choose the linear one.")
                                                 : QString::fromStdString(data->whyNoModelInput));
    m_head->setTitleFrom(isImage ? kTitleFromWithBadge : kTitleFrom);
}

} // namespace kino
