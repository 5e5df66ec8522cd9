// What the last import met, in a window of its own beside the work. Non-modal. GUI thread.
#pragma once

#include "app/kinoscope/library/import_summary.h"

#include <QDialog>

class QLabel;

namespace kino {

class ReportView;

class ImportReportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ImportReportDialog(QWidget *parent = nullptr);
    void setSummary(const ImportSummary &summary);
    ReportView &report() { return *m_report; }

private:
    QLabel *m_sentence;
    ReportView *m_report;
};

} // namespace kino
