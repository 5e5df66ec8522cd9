#include "widgets/library/tag_editor.h"

#include "widgets/controls/chip_bar.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kMostChips = 40;
constexpr int kLongestTag = 60;

} // namespace

TagEditor::TagEditor(const QString &title, const QStringList &known, const QStringList &present, QWidget *parent)
    : PopupCard(QStringLiteral("tagEditor"), title, parent), m_known(known), m_present(present.begin(), present.end()), m_field(new QLineEdit(this)), m_chips(new ChipBar(this))
{
    m_field->setPlaceholderText(tr("New tag, then Enter"));
    m_field->setAccessibleName(tr("New tag"));
    m_field->setMaxLength(kLongestTag);
    m_field->setAcceptDrops(false);
    column().addWidget(m_field);
    column().addWidget(m_chips);
    showChips();
    connect(m_field, &QLineEdit::returnPressed, this, &TagEditor::addTyped);
    connect(m_chips, &ChipBar::checkedChanged, this, [this] {
        const QSet<QString> now = m_chips->checked();
        const QSet<QString> before = m_present;
        m_present = now;
        for (const QString &tag : now - before)
            Q_EMIT tagAdded(tag);
        for (const QString &tag : before - now)
            Q_EMIT tagRemoved(tag);
    });
    m_field->setFocus();
}

void TagEditor::addTyped()
{
    const QString tag = m_field->text().simplified();
    m_field->clear();
    if (tag.isEmpty() || m_present.contains(tag))
        return;
    if (!m_known.contains(tag))
        m_known += tag;
    m_present.insert(tag);
    showChips();
    Q_EMIT tagAdded(tag);
}

void TagEditor::showChips()
{
    std::vector<Chip> chips;
    for (const QString &tag : m_known)
        chips.push_back({tag, tag, false});
    const QSignalBlocker quiet(m_chips);
    m_chips->setChips(chips, kMostChips);
    m_chips->setChecked(m_present);
    m_chips->setVisible(!chips.empty());
    adjustSize();
}

} // namespace kino
