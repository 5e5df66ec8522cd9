#include "app/kinoscope/import/report_dialog.h"

#include "widgets/import/report_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace kino {

ImportReportDialog::ImportReportDialog(QWidget *parent) : QDialog(parent), m_sentence(new QLabel(this)), m_report(new ReportView(this)), m_look(new QPushButton(this)), m_drop(new QPushButton(tr("&Leave out"), this))
{
    setWindowTitle(tr("Import report"));
    setObjectName(QStringLiteral("importReport"));
    setSizeGripEnabled(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    column->addWidget(m_sentence);
    column->addWidget(m_report, 1);
    m_report->setEmptyText(tr("Nothing to report: every row was read as it stands."));
    auto *foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addStretch(1);
    foot->addWidget(m_drop);
    foot->addWidget(m_look);
    column->addLayout(foot);
    m_drop->setToolTip(tr("These files are not wanted; they stay where they are"));
    m_drop->setAutoDefault(false);
    m_look->setProperty("look", QStringLiteral("primary"));
    m_look->setToolTip(tr("Into the import dialog, with what was corrected there"));
    connect(m_look, &QPushButton::clicked, this, [this] { Q_EMIT lookRequested(m_waiting); });
    connect(m_drop, &QPushButton::clicked, this, &ImportReportDialog::dropRequested);
    connect(&m_report->table(), &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        const std::filesystem::path file = m_report->model().row(index.row()).file;
        if (std::ranges::find(m_waiting, file) != m_waiting.end())
            Q_EMIT lookRequested({file});
    });
    resize(920, 480);
}

void ImportReportDialog::setSummary(const ImportSummary &summary)
{
    m_sentence->setText(summary.isEmpty() ? tr("Nothing was imported yet. What the next import meets will stand here.") : summary.sentence());
    m_report->setReport(summary.report);
    m_waiting = summary.waiting;
    m_look->setText(m_waiting.size() == 1 ? tr("Look at 1 &file\u2026") : tr("Look at %1 &files\u2026").arg(m_waiting.size()));
    m_look->setVisible(!m_waiting.empty());
    m_drop->setVisible(!m_waiting.empty());
}

} // namespace kino
