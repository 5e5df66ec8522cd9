#include "widgets/controls/chip_bar.h"

#include "widgets/controls/chip_button.h"

#include <QResizeEvent>
#include <QToolButton>

namespace kino {
namespace {

constexpr int kSpacing = 4;
constexpr int kWidestText = 150;

} // namespace

ChipBar::ChipBar(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ChipBar::setChips(const std::vector<Chip> &chips, int most)
{
    const auto isSame = [](const Chip &a, const Chip &b) { return a.name == b.name && a.tip == b.tip && a.isLabel == b.isLabel; };
    if (most == m_most && std::ranges::equal(chips, m_chips, isSame))
        return;
    m_chips = chips;
    m_most = most;
    const QSet<QString> before = m_checked;
    m_checked.clear();
    for (const Chip &chip : chips) {
        if (before.contains(chip.name))
            m_checked.insert(chip.name);
    }
    make();
    if (m_checked != before)
        Q_EMIT checkedChanged();
}

void ChipBar::setLabelColours(const LabelColours &colours)
{
    if (m_colours == colours)
        return;
    m_colours = colours;
    make();
}

void ChipBar::uncheckAll()
{
    if (m_checked.isEmpty())
        return;
    m_checked.clear();
    make();
    Q_EMIT checkedChanged();
}

void ChipBar::setChecked(const QSet<QString> &names)
{
    m_checked.clear();
    for (const Chip &chip : m_chips) {
        if (names.contains(chip.name))
            m_checked.insert(chip.name);
    }
    make();
}

void ChipBar::make()
{
    for (QToolButton *button : m_buttons) {
        button->hide(); // one may be in the middle of its click
        button->deleteLater();
    }
    m_buttons.clear();
    const Theme &theme = themeOf(palette());
    int shown = 0;
    const auto count = static_cast<int>(m_chips.size());
    for (const Chip &chip : m_chips) {
        // What is on is never folded away.
        if (!m_isUnfolded && shown >= m_most && count > m_most + 1 && !m_checked.contains(chip.name))
            continue;
        ++shown;
        QToolButton *button = makeChip(fontMetrics().elidedText(chip.name, Qt::ElideRight, kWidestText).replace(QLatin1Char('&'), QStringLiteral("&&")), chip.tip, this);
        button->setAccessibleName(chip.name);
        button->setCheckable(true);
        button->setChecked(m_checked.contains(chip.name));
        button->setFocusPolicy(Qt::TabFocus);
        if (chip.isLabel) {
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            button->setIcon(labelDot(theme, chip.name, m_colours, devicePixelRatioF()));
            button->setIconSize({10, 10});
        }
        connect(button, &QToolButton::toggled, this, [this, name = chip.name](bool isOn) {
            if (isOn)
                m_checked.insert(name);
            else
                m_checked.remove(name);
            Q_EMIT checkedChanged();
        });
        button->show();
        m_buttons.push_back(button);
    }
    if (count > m_most + 1) {
        QToolButton *more = makeChip(m_isUnfolded ? tr("Fewer") : tr("%1 more").arg(count - shown), {}, this);
        more->setFocusPolicy(Qt::TabFocus);
        connect(more, &QToolButton::clicked, this, [this] {
            m_isUnfolded = !m_isUnfolded;
            make();
        });
        more->show();
        m_buttons.push_back(more);
    }
    arrange(width(), true);
    updateGeometry();
}

int ChipBar::arrange(int width, bool isForReal) const
{
    int x = 0;
    int y = 0;
    int lineHeight = 0;
    for (QToolButton *button : m_buttons) {
        button->ensurePolished();
        const QSize size = button->sizeHint().boundedTo({std::max(40, width), 100});
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += lineHeight + kSpacing;
            lineHeight = 0;
        }
        if (isForReal)
            button->setGeometry({{x, y}, size});
        x += size.width() + kSpacing;
        lineHeight = std::max(lineHeight, size.height());
    }
    return y + lineHeight;
}

QSize ChipBar::sizeHint() const { return {200, arrange(width() > 0 ? width() : 200, false)}; }

void ChipBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange(width(), true);
    if (event->oldSize().width() != width())
        updateGeometry();
}

void ChipBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        make();
}

} // namespace kino
