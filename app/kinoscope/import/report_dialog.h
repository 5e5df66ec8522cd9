// What the last import met, in a window of its own beside the work. Non-modal. GUI thread.
#pragma once

#include "app/kinoscope/library/import_summary.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace kino {

class ReportView;

class ImportReportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ImportReportDialog(QWidget *parent = nullptr);
    void setSummary(const ImportSummary &summary);
    ReportView &report() { return *m_report; }
    QPushButton &lookButton() { return *m_look; }

Q_SIGNALS:
    /** Into the import dialog with these. */
    void lookRequested(const std::vector<std::filesystem::path> &files);
    /** Those that wait are not wanted. */
    void dropRequested();

private:
    QLabel *m_sentence;
    ReportView *m_report;
    QPushButton *m_look;
    QPushButton *m_drop;
    std::vector<std::filesystem::path> m_waiting;
};

} // namespace kino
