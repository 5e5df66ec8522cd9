#include "app/kinoscope/unsaved_dialog.h"

#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/sentence.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kMostNamed = 8;
constexpr int kWidth = 540;

/** One line a change; what comes several times is said once, with its count. */
QString listed(const QStringList &changes)
{
    QStringList lines;
    for (qsizetype at = 0; at < changes.size();) {
        qsizetype next = at;
        while (next < changes.size() && changes[next] == changes[at])
            ++next;
        lines += next - at == 1 ? changes[at] : QStringLiteral("%1  (%2)").arg(changes[at]).arg(next - at);
        at = next;
    }
    const qsizetype more = lines.size() - kMostNamed;
    if (more > 1) {
        lines.resize(kMostNamed);
        lines += UnsavedDialog::tr("and %1 more").arg(more);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

UnsavedDialog::UnsavedDialog(ProjectWriter &writer, Purpose purpose, QWidget *parent)
    : QDialog(parent), m_writer(writer), m_purpose(purpose), m_headline(new QLabel), m_reason(new QLabel), m_changes(new QLabel)
{
    setWindowTitle(tr("Unsaved changes"));
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_headline->setFont(strong);
    m_headline->setObjectName(QStringLiteral("headline"));
    m_reason->setObjectName(QStringLiteral("reason"));
    m_reason->setWordWrap(true);
    m_changes->setObjectName(QStringLiteral("changes"));
    m_changes->setTextFormat(Qt::PlainText);
    m_changes->setContentsMargins(12, 0, 0, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(10);
    column->addWidget(m_headline);
    column->addWidget(m_changes);
    column->addWidget(m_reason);
    column->addStretch(1);
    auto *buttons = new QDialogButtonBox;
    m_copy = buttons->addButton(tr("&Save a copy\u2026"), QDialogButtonBox::ActionRole);
    m_copy->setToolTip(tr("Writes the project with these changes into another folder"));
    m_retry = buttons->addButton(tr("&Try again"), QDialogButtonBox::ActionRole);
    m_discard = buttons->addButton(purpose == Purpose::closing ? tr("&Discard and close") : tr("&Discard"), QDialogButtonBox::DestructiveRole);
    m_discard->setToolTip(tr("These changes are lost; what is in the project stays"));
    QPushButton *stay = buttons->addButton(purpose == Purpose::closing ? tr("Do not close") : tr("Close"), QDialogButtonBox::RejectRole);
    column->addWidget(buttons);
    // Enter is the answer that loses nothing; only what is in the dialog takes the focus.
    stay->setDefault(true);
    stay->setFocus();
    setFixedWidth(kWidth);
    connect(m_retry, &QPushButton::clicked, &writer, &ProjectWriter::retry);
    connect(m_copy, &QPushButton::clicked, this, &UnsavedDialog::copyWanted);
    connect(m_discard, &QPushButton::clicked, this, &UnsavedDialog::discardWanted);
    connect(stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(&writer, &ProjectWriter::progressed, this, &UnsavedDialog::renew);
    connect(&writer, &ProjectWriter::copyFailed, this, [this](const QString &sentence) {
        renew();
        m_reason->setText(tr("No copy was made. %1").arg(asSentence(sentence)));
    });
    renew();
}

void UnsavedDialog::renew()
{
    const QStringList changes = m_writer.unsaved();
    m_headline->setText(changes.size() == 1 ? tr("One change is not saved yet") : tr("%1 changes are not saved yet").arg(changes.size()));
    m_changes->setText(listed(changes));
    if (m_writer.trouble().isEmpty())
        m_reason->setText(m_purpose == Purpose::closing ? tr("The project is being written; the window closes when that is done.") : tr("The project is being written."));
    else if (m_writer.isRefused())
        m_reason->setText(tr("%1 Trying again will not mend that.").arg(asSentence(m_writer.trouble())));
    else
        m_reason->setText(tr("%1 It is tried again every two seconds.").arg(asSentence(m_writer.trouble())));
    m_retry->setVisible(!m_writer.trouble().isEmpty());
}

} // namespace kino
