// Two annotators' tiers of one recording compared: how far they agree, in numbers. GUI thread; the numbers are computed by
// a worker.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/annotations/agreement.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace kino {

class CompareDialog : public QDialog {
    Q_OBJECT

public:
    /** Of `tiers` those with labels can be chosen. */
    CompareDialog(std::vector<AnnotationTier> tiers, TaskRunner &runner, QWidget *parent);

    void choose(const QString &a, const QString &b);
    bool isBusy() const { return m_line.isBusy(); }
    /** The numbers as shown; nothing until they are computed. */
    const std::optional<Agreement> &agreement() const { return m_agreement; }
    /** All of it, tab-separated, for a spreadsheet or a report. */
    QString asText() const;

private:
    void compute();
    void show(const Agreement &agreement);
    AgreementOptions options() const;

    std::vector<AnnotationTier> m_tiers;
    TaskLine m_line;
    QComboBox *m_a;
    QComboBox *m_b;
    QComboBox *m_rate;
    QComboBox *m_unlabelled;
    QLabel *m_kappa;
    QLabel *m_words;
    QTableWidget *m_labels;
    QTableWidget *m_confusion;
    QPushButton *m_copy;
    std::optional<Agreement> m_agreement;
};

} // namespace kino
