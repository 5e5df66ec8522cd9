#include "app/kinoscope/import/report_dialog.h"

#include "widgets/import/report_view.h"

#include <QLabel>
#include <QVBoxLayout>

namespace kino {

ImportReportDialog::ImportReportDialog(QWidget *parent) : QDialog(parent), m_sentence(new QLabel(this)), m_report(new ReportView(this))
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
    resize(920, 480);
}

void ImportReportDialog::setSummary(const ImportSummary &summary)
{
    m_sentence->setText(summary.isEmpty() ? tr("Nothing was imported yet. What the next import meets will stand here.") : summary.sentence());
    m_report->setReport(summary.report);
}

} // namespace kino
