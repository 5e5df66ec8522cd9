#include "app/kinoscope/windows/rule_form.h"

#include "app/kinoscope/texts.h"
#include "app/kinoscope/windows/rule_presets.h"
#include "widgets/controls/chip_bar.h"
#include "widgets/controls/choice_box.h"
#include "widgets/controls/number_box.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QTreeWidget>

#include <cmath>

namespace kino {
namespace {

constexpr int kPadding = 12;
constexpr int kRowHeight = 26;
constexpr int kMostClassRows = 6;
constexpr int kMostChips = 8;
constexpr int kOwnRule = -1;


QString kindText(StreamKind kind)
{
    const std::string_view name = streamKindName(kind);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())).replace(QLatin1Char('-'), QLatin1Char(' '));
}

/** What is chosen, in the order in which the rule has it; what is new comes last. */
template <class Value, class Name>
std::vector<Value> keptOrder(const std::vector<Value> &before, const std::vector<Value> &offered, const QSet<QString> &names, Name name)
{
    std::vector<Value> kept;
    for (const std::vector<Value> *values : {&before, &offered}) {
        for (const Value &value : *values) {
            if (names.contains(name(value)) && std::ranges::find(kept, value) == kept.end())
                kept.push_back(value);
        }
    }
    return kept;
}

template <class Value>
void fill(ChoiceBox *box, std::initializer_list<std::pair<QString, Value>> choices)
{
    for (const auto &[name, value] : choices)
        box->addItem(name, static_cast<int>(value));
}

void choose(ChoiceBox *box, int value) { box->setCurrentIndex(std::max(0, box->findData(value))); }

/** A box shows a rounded number: what nobody has changed keeps its own digits. */
double taken(const NumberBox *box, double current, double scale = 1)
{
    const double half = 0.5 * std::pow(10, -box->decimals());
    return std::abs(box->value() - current * scale) <= half * (1 + 1e-6) ? current : box->value() / scale;
}

template <class Value>
Value chosen(const ChoiceBox *box)
{
    return static_cast<Value>(box->currentData().toInt());
}

} // namespace

RuleChoices choicesOf(const Recording &recording)
{
    RuleChoices choices;
    for (const Device &device : recording.devices) {
        choices.devices.push_back(device.name);
        for (const ImuStream &stream : device.streams) {
            // Of other kinds a device may have many, and nothing tells them apart.
            if (stream.samples() > 0 && stream.kind != StreamKind::other && stream.kind != StreamKind::gps)
                choices.kinds.insert(stream.kind);
        }
    }
    for (const AnnotationTier &tier : recording.tiers) {
        RuleChoices::Tier &each = choices.tiers.emplace_back(RuleChoices::Tier{tier.name, tier.kind, {}});
        for (const Annotation &annotation : tier.annotations) {
            if (!annotation.label.empty())
                each.labels.insert(annotation.label);
        }
    }
    choices.hasVideo = !recording.videos.empty();
    return choices;
}

RuleForm::RuleForm(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(kPadding, 4, kPadding, 8);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(2, 1);
    m_preset = new ChoiceBox(tr("Rule"), this);
    m_preset->addItem(tr("Own rule"), kOwnRule);
    int place = 0;
    for (const RulePreset &preset : rulePresets()) {
        m_preset->addItem(preset.name, place++);
        m_preset->setItemData(m_preset->count() - 1, preset.source, Qt::ToolTipRole);
    }
    addRow(tr("Rule"), {m_preset}, tr("Rules that publications use. What you change below makes it your own."));
    connect(m_preset, &QComboBox::activated, this, [this] {
        const int preset = m_preset->currentData().toInt();
        if (preset == kOwnRule)
            return;
        setRule(appliedPreset(rulePresets()[static_cast<std::size_t>(preset)], m_rule));
        Q_EMIT ruleChanged();
    });
    makeCut();
    makeChannels();
    makeLabels();
    show(m_rule);
}

void RuleForm::addTitle(const QString &title)
{
    auto *label = new QLabel(title, this);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    label->setFont(strong);
    label->setContentsMargins(0, 6, 0, 0);
    m_grid->addWidget(label, m_grid->rowCount(), 0, 1, 3);
}

/** One field takes the row; two share it. */
void RuleForm::addRow(const QString &caption, std::initializer_list<QWidget *> fields, const QString &tip)
{
    const int row = m_grid->rowCount();
    Row made{*fields.begin(), {}};
    if (!caption.isEmpty()) {
        auto *label = new QLabel(caption, this);
        label->setProperty("role", QStringLiteral("dim"));
        label->setBuddy(made.field);
        label->setToolTip(tip);
        m_grid->addWidget(label, row, 0, Qt::AlignVCenter);
        made.all.push_back(label);
    }
    int column = 1;
    for (QWidget *field : fields) {
        if (field->toolTip().isEmpty())
            field->setToolTip(tip);
        m_grid->addWidget(field, row, column, 1, fields.size() == 1 ? 2 : 1);
        made.all.push_back(field);
        ++column;
    }
    m_rows.push_back(std::move(made));
}

void RuleForm::showRow(QWidget *field, bool shown)
{
    for (const Row &row : m_rows) {
        if (row.field != field)
            continue;
        for (QWidget *each : row.all)
            each->setVisible(shown);
    }
}

void RuleForm::makeCut()
{
    addTitle(tr("Cut"));
    m_placement = new ChoiceBox(tr("Placed"), this);
    fill<WindowPlacement>(m_placement, {{tr("Every stride"), WindowPlacement::grid}, {tr("About annotations"), WindowPlacement::around}});
    m_length = new NumberBox(tr("Length in seconds"), 0.001, 86'400, 4, tr("s"), this);
    m_stride = new NumberBox(tr("Stride in seconds"), 0.0001, 86'400, 4, tr("s"), this);
    m_overlap = new NumberBox(tr("Overlap in percent"), 0, 99.99, 2, tr("%"), this);
    m_overlap->setSpecialValueText(tr("no overlap"));
    m_overlap->setToolTip(tr("How much of a window the next one covers. Overlapping windows are no independent examples: split by subject or recording."));
    m_rate = new NumberBox(tr("Rate in hertz"), 0.01, 100'000, 3, tr("Hz"), this);
    m_samples = new QLabel(this);
    m_samples->setProperty("role", QStringLiteral("dim"));
    m_origin = new ChoiceBox(tr("Counted from"), this);
    fill<WindowOrigin>(m_origin, {{tr("the first signal"), WindowOrigin::channels}, {tr("the first frame"), WindowOrigin::video}});
    m_anchor = new ChoiceBox(tr("Laid about"), this);
    fill<AnnotationAnchor>(m_anchor, {{tr("their start"), AnnotationAnchor::start}, {tr("their middle"), AnnotationAnchor::centre}, {tr("their end"), AnnotationAnchor::end}});
    m_border = new ChoiceBox(tr("Over the border"), this);
    fill<BorderRule>(m_border, {{tr("dropped"), BorderRule::drop}, {tr("moved inside"), BorderRule::inside}});
    m_margin = new NumberBox(tr("Border in seconds"), 0, 3600, 3, tr("s"), this);
    m_wholeSeconds = new QCheckBox(tr("Whole seconds"), this);
    addRow(tr("Placed"), {m_placement}, tr("One window after the other over the whole recording, or one for each annotation."));
    addRow(tr("Length"), {m_length}, tr("How long a window is. Rounded to whole samples at the rate below. Usual for activities: 2 to 5 s."));
    addRow(tr("Stride"), {m_stride, m_overlap}, tr("From the beginning of a window to that of the next."));
    addRow(tr("Rate"), {m_rate, m_samples}, tr("Signals are brought to this rate before they are cut; lowering it filters first."));
    addRow(tr("Laid about"), {m_anchor}, tr("The instant of an annotation that a window has in its middle."));
    addRow(tr("At borders"), {m_border, m_margin}, tr("What becomes of a window that would reach over the beginning or end of the recording; moved inside also where its instant lies so near to it (PRIMUS, IMU2CLIP: 5 s)."));
    addRow({}, {m_wholeSeconds}, tr("Both ends are rounded down to whole seconds, as PRIMUS and IMU2CLIP do."));
    addRow(tr("From"), {m_origin}, tr("Where the first window may begin: when all channels exist, or with the first frame of the video."));
    for (NumberBox *box : {m_length, m_stride, m_rate, m_margin})
        connect(box, &QDoubleSpinBox::valueChanged, this, &RuleForm::take);
    connect(m_overlap, &QDoubleSpinBox::valueChanged, this, [this](double percent) {
        if (!m_isShowing)
            m_stride->setValue(m_length->value() * (1 - percent / 100));
    });
    for (ChoiceBox *box : {m_placement, m_origin, m_anchor, m_border})
        connect(box, &QComboBox::activated, this, &RuleForm::take);
    connect(m_wholeSeconds, &QCheckBox::toggled, this, &RuleForm::take);
}

void RuleForm::makeChannels()
{
    addTitle(tr("Channels"));
    m_channels = new ChipBar(this);
    m_channels->setAccessibleName(tr("Channels"));
    m_devices = new ChipBar(this);
    m_devices->setAccessibleName(tr("Devices"));
    m_joined = new QCheckBox(tr("Stacked into one window"), this);
    addRow(tr("Kinds"), {m_channels}, tr("A window is kept only where all of these have values. Devices that lack one give no windows."));
    addRow(tr("Devices"), {m_devices}, tr("None chosen: every device that has the channels, each giving windows of its own."));
    addRow({}, {m_joined}, tr("The channels of the chosen devices together make one window, in their order."));
    connect(m_channels, &ChipBar::checkedChanged, this, &RuleForm::take);
    connect(m_devices, &ChipBar::checkedChanged, this, &RuleForm::take);
    connect(m_joined, &QCheckBox::toggled, this, &RuleForm::take);
}

void RuleForm::makeLabels()
{
    addTitle(tr("Labels"));
    m_tier = new ChoiceBox(tr("Tier"), this);
    m_policy = new ChoiceBox(tr("Label"), this);
    m_share = new NumberBox(tr("Least share in percent"), 0.1, 100, 1, tr("%"), this);
    m_unlabelled = new ChoiceBox(tr("Without label"), this);
    fill<UnlabelledWindows>(m_unlabelled, {{tr("dropped"), UnlabelledWindows::drop}, {tr("kept"), UnlabelledWindows::keep}});
    m_classes = new QTreeWidget(this);
    m_classes->setProperty("look", QStringLiteral("ticks"));
    m_classes->setAccessibleName(tr("Labels that are used and what they are called"));
    m_classes->setColumnCount(2);
    m_classes->setHeaderLabels({tr("Use"), tr("As")});
    m_classes->setRootIsDecorated(false);
    m_classes->setUniformRowHeights(true);
    m_classes->installEventFilter(this);
    m_classes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_classes->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    m_classes->header()->setSectionResizeMode(QHeaderView::Stretch);
    m_classes->setToolTip(tr("Windows of labels without a tick are dropped. Under \u201cAs\u201d a label gets another name; two of one name become one class."));
    addRow(tr("Tier"), {m_tier}, tr("Whose labels count."));
    m_tierWanted = new QLabel(tr("There are several tiers: choose one."), this);
    m_tierWanted->setProperty("role", QStringLiteral("bad"));
    m_tierWanted->setWordWrap(true);
    m_grid->addWidget(m_tierWanted, m_grid->rowCount(), 1, 1, 2);
    addRow(tr("Label"), {m_policy}, tr("How a window comes by its label."));
    addRow(tr("At least"), {m_share}, tr("The share of the whole window that its label must cover."));
    addRow(tr("Without"), {m_unlabelled}, tr("What becomes of windows that get no label."));
    m_grid->addWidget(m_classes, m_grid->rowCount(), 0, 1, 3);
    for (ChoiceBox *box : {m_tier, m_policy, m_unlabelled})
        connect(box, &QComboBox::activated, this, &RuleForm::take);
    connect(m_share, &QDoubleSpinBox::valueChanged, this, &RuleForm::take);
    connect(m_classes, &QTreeWidget::itemChanged, this, &RuleForm::takeClass);
}

bool RuleForm::eventFilter(QObject *watched, QEvent *event)
{
    // F2 names the class that is chosen here, not the recording.
    if (watched == m_classes && event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_F2)
        event->accept();
    return QWidget::eventFilter(watched, event);
}

void RuleForm::setRule(const WindowRule &rule)
{
    m_rule = rule;
    // Lists of windows come with files; a form has no place for them.
    m_rule.fixed.clear();
    m_rule.excluded.clear();
    if (m_rule.placement == WindowPlacement::fixed)
        m_rule.placement = WindowPlacement::grid;
    show(m_rule);
}

void RuleForm::setChoices(RuleChoices choices)
{
    m_choices = std::move(choices);
    show(m_rule);
}

const RuleChoices::Tier *RuleForm::countedTier() const
{
    for (const RuleChoices::Tier &tier : m_choices.tiers) {
        if (m_rule.tier.empty() ? mayCount(tier) && tiersThatCount() == 1 : tier.name == m_rule.tier)
            return &tier;
    }
    return nullptr;
}

bool RuleForm::mayCount(const RuleChoices::Tier &tier) const { return tier.kind == TierKind::label || m_rule.placement == WindowPlacement::around; }

std::ptrdiff_t RuleForm::tiersThatCount() const
{
    return std::ranges::count_if(m_choices.tiers, [this](const RuleChoices::Tier &tier) { return mayCount(tier); });
}

void RuleForm::show(const WindowRule &rule)
{
    const QScopedValueRollback showing(m_isShowing, true);
    choose(m_placement, static_cast<int>(rule.placement));
    m_length->setValue(rule.seconds);
    m_stride->setValue(rule.strideSeconds);
    m_rate->setValue(rule.rateHz);
    choose(m_origin, static_cast<int>(rule.origin));
    choose(m_anchor, static_cast<int>(rule.around.anchor));
    choose(m_border, static_cast<int>(rule.around.border));
    m_margin->setValue(rule.around.borderMarginSeconds);
    m_wholeSeconds->setChecked(rule.around.wholeSeconds);
    m_joined->setChecked(rule.joined);
    m_share->setValue(rule.minimumShare * 100);
    choose(m_unlabelled, static_cast<int>(rule.unlabelled));
    {
        // A window about an annotation takes its label from it as a rule; one of a grid cannot.
        const QSignalBlocker blocker(m_policy);
        m_policy->clear();
        if (rule.placement == WindowPlacement::around)
            m_policy->addItem(tr("of the annotation"), static_cast<int>(LabelPolicy::annotation));
        fill<LabelPolicy>(m_policy, {{tr("that covers most"), LabelPolicy::majority}, {tr("that covers all"), LabelPolicy::full}, {tr("at the middle"), LabelPolicy::centre}, {tr("none"), LabelPolicy::none}});
        choose(m_policy, static_cast<int>(rule.policy));
    }
    showChips();
    showTiers();
    showClasses();
    showNeeded();
}

void RuleForm::showChips()
{
    std::vector<Chip> kinds;
    QSet<QString> chosenKinds;
    std::set<StreamKind> offered = m_choices.kinds;
    offered.insert(m_rule.channels.begin(), m_rule.channels.end());
    for (const StreamKind kind : offered)
        kinds.push_back({kindText(kind), m_choices.kinds.contains(kind) ? QString() : tr("The shown recording has none."), false});
    for (const StreamKind kind : m_rule.channels)
        chosenKinds.insert(kindText(kind));
    m_channels->setChips(kinds, kMostChips);
    m_channels->setChecked(chosenKinds);
    std::vector<Chip> devices;
    QSet<QString> chosenDevices;
    for (const std::string &device : m_choices.devices)
        devices.push_back({text(device), {}, false});
    for (const std::string &device : m_rule.devices) {
        chosenDevices.insert(text(device));
        if (std::ranges::find(m_choices.devices, device) == m_choices.devices.end())
            devices.push_back({text(device), tr("The shown recording has none of this name."), false});
    }
    m_devices->setChips(devices, kMostChips);
    m_devices->setChecked(chosenDevices);
    showRow(m_devices, devices.size() > 1 || !m_rule.devices.empty());
    showRow(m_joined, m_rule.devices.size() > 1 || m_rule.joined);
}

void RuleForm::showTiers()
{
    const QSignalBlocker blocker(m_tier);
    m_tier->clear();
    m_tier->addItem(tr("the only one"), QString());
    for (const RuleChoices::Tier &tier : m_choices.tiers)
        m_tier->addItem(text(tier.name), text(tier.name));
    if (m_tier->findData(text(m_rule.tier)) < 0)
        m_tier->addItem(text(m_rule.tier), text(m_rule.tier));
    m_tier->setCurrentIndex(m_tier->findData(text(m_rule.tier)));
}

void RuleForm::showClasses()
{
    const QSignalBlocker blocker(m_classes);
    m_classes->clear();
    std::set<std::string> labels;
    if (const RuleChoices::Tier *tier = countedTier())
        labels = tier->labels;
    for (const auto &[label, name] : m_rule.labels)
        labels.insert(label);
    const Theme &theme = themeOf(palette());
    for (const std::string &label : labels) {
        const auto renamed = m_rule.labels.find(label);
        const bool isUsed = renamed == m_rule.labels.end() || renamed->second;
        const QString name = renamed == m_rule.labels.end() || !renamed->second ? text(label) : text(*renamed->second);
        auto *item = new QTreeWidgetItem(m_classes, {text(label), isUsed ? name : QString()});
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | (isUsed ? Qt::ItemIsEditable : Qt::NoItemFlags));
        item->setCheckState(0, isUsed ? Qt::Checked : Qt::Unchecked);
        item->setData(0, Qt::UserRole, text(label));
        item->setToolTip(0, text(label));
        if (isUsed)
            item->setIcon(1, labelDot(theme, name, m_colours, devicePixelRatioF()));
    }
    const int rows = std::clamp(m_classes->topLevelItemCount(), 1, kMostClassRows);
    m_classes->setFixedHeight(rows * kRowHeight + m_classes->header()->sizeHint().height() + 4);
}

void RuleForm::setLabelColours(const LabelColours &colours)
{
    if (m_colours == colours)
        return;
    m_colours = colours;
    const QSignalBlocker blocker(m_classes);
    // In place: somebody may be typing a name.
    for (int row = 0; row < m_classes->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_classes->topLevelItem(row);
        if (item->checkState(0) == Qt::Checked)
            item->setIcon(1, labelDot(themeOf(palette()), item->text(1), m_colours, devicePixelRatioF()));
    }
}

/** What has no say in this rule is not shown. */
void RuleForm::showNeeded()
{
    const bool isAround = m_rule.placement == WindowPlacement::around;
    showRow(m_stride, !isAround);
    showRow(m_anchor, isAround);
    showRow(m_border, isAround);
    m_margin->setVisible(isAround && m_rule.around.border == BorderRule::inside);
    showRow(m_wholeSeconds, isAround);
    showRow(m_origin, m_choices.hasVideo || m_rule.origin == WindowOrigin::video);
    const bool hasLabels = m_rule.policy != LabelPolicy::none;
    showRow(m_tier, hasLabels || isAround);
    m_tierWanted->setVisible((hasLabels || isAround) && m_rule.tier.empty() && tiersThatCount() > 1);
    showRow(m_share, m_rule.policy == LabelPolicy::majority);
    showRow(m_unlabelled, hasLabels && m_rule.policy != LabelPolicy::annotation);
    m_classes->setVisible(hasLabels && m_classes->topLevelItemCount() > 0);
    const std::size_t samples = m_rule.samples();
    m_samples->setText(samples > 0 ? (samples == 1 ? tr("1 sample") : tr("%1 samples").arg(samples)) : QString());
    {
        const QSignalBlocker blocker(m_overlap);
        m_overlap->setValue(std::max(0.0, 100 * (1 - m_rule.strideSeconds / m_rule.seconds)));
    }
    int preset = kOwnRule;
    const std::vector<RulePreset> presets = rulePresets();
    for (std::size_t index = 0; index < presets.size(); ++index) {
        if (appliedPreset(presets[index], m_rule) == m_rule)
            preset = static_cast<int>(index);
    }
    choose(m_preset, preset);
    m_preset->setToolTip(preset < 0 ? tr("Rules that publications use. What you change below makes it your own.") : presets[static_cast<std::size_t>(preset)].source);
}

void RuleForm::take()
{
    if (m_isShowing)
        return;
    const WindowRule before = m_rule;
    m_rule.seconds = taken(m_length, before.seconds);
    m_rule.strideSeconds = taken(m_stride, before.strideSeconds);
    m_rule.rateHz = taken(m_rate, before.rateHz);
    m_rule.placement = chosen<WindowPlacement>(m_placement);
    m_rule.origin = chosen<WindowOrigin>(m_origin);
    m_rule.around = {chosen<AnnotationAnchor>(m_anchor), chosen<BorderRule>(m_border), taken(m_margin, before.around.borderMarginSeconds), m_wholeSeconds->isChecked()};
    m_rule.policy = chosen<LabelPolicy>(m_policy);
    if (m_rule.placement != before.placement)
        m_rule.policy = m_rule.placement == WindowPlacement::around ? LabelPolicy::annotation : m_rule.policy == LabelPolicy::annotation ? LabelPolicy::majority : m_rule.policy;
    m_rule.minimumShare = taken(m_share, before.minimumShare, 100);
    m_rule.unlabelled = chosen<UnlabelledWindows>(m_unlabelled);
    m_rule.tier = m_tier->currentData().toString().toStdString();
    m_rule.channels = keptOrder(m_rule.channels, std::vector<StreamKind>(m_choices.kinds.begin(), m_choices.kinds.end()), m_channels->checked(), kindText);
    m_rule.devices = keptOrder(m_rule.devices, m_choices.devices, m_devices->checked(), text);
    m_rule.joined = m_joined->isChecked() && m_rule.devices.size() > 1;
    if (m_rule == before)
        return;
    show(m_rule);
    Q_EMIT ruleChanged();
}

void RuleForm::takeClass(QTreeWidgetItem *item)
{
    const std::string label = item->data(0, Qt::UserRole).toString().toStdString();
    const std::string name = item->text(1).simplified().toStdString();
    const auto before = m_rule.labels;
    const auto known = before.find(label);
    const bool wasUsed = known == before.end() || known->second;
    if (item->checkState(0) != Qt::Checked)
        m_rule.labels[label] = std::nullopt;
    else if (!wasUsed || name.empty() || name == label)
        m_rule.labels.erase(label);
    else
        m_rule.labels[label] = name;
    if (m_rule.labels != before)
        Q_EMIT ruleChanged();
    // Not while the view still edits the item.
    QMetaObject::invokeMethod(this, [this] { show(m_rule); }, Qt::QueuedConnection);
}

QStringList RuleForm::problems() const
{
    static const std::vector<std::pair<QLatin1String, const char *>> kNames{
        {QLatin1String("window.stride_seconds"), QT_TR_NOOP("Stride")}, {QLatin1String("window.seconds"), QT_TR_NOOP("Length")},
        {QLatin1String("window.label.minimum"), QT_TR_NOOP("At least")}, {QLatin1String("window.label.policy"), QT_TR_NOOP("Label")},
        {QLatin1String("window.around.border_margin_seconds"), QT_TR_NOOP("At borders")}, {QLatin1String("window.around.whole_seconds"), QT_TR_NOOP("Whole seconds")},
        {QLatin1String("channels"), QT_TR_NOOP("Kinds")}, {QLatin1String("devices"), QT_TR_NOOP("Devices")}, {QLatin1String("joined"), QT_TR_NOOP("Stacked")}, {QLatin1String("rate_hz"), QT_TR_NOOP("Rate")}};
    QStringList all;
    for (const std::string &problem : problemsOf(m_rule)) {
        QString sentence = text(problem);
        for (const auto &[option, name] : kNames) {
            if (sentence.startsWith(option + QLatin1Char(':')))
                sentence.replace(0, option.size(), tr(name));
        }
        all += sentence;
    }
    return all;
}

} // namespace kino
