// An import report as a table: what happened, how often, where. Filtered by severity, copied as text. GUI thread.
#pragma once

#include "core/data/import_report.h"
#include "widgets/controls/status_mark.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <array>
#include <vector>

class QLabel;
class QTableView;
class QToolButton;

namespace kino {

class ReportModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { messageColumn, countColumn, fileColumn, lineColumn, codeColumn, columnsCount };

    using QAbstractTableModel::QAbstractTableModel;

    /** Worst first; rows of one severity in the order they came. */
    void setReport(ImportReport report);
    const ImportReport &report() const { return m_report; }
    void setShown(Severity severity, bool isShown);
    bool isShown(Severity severity) const { return m_isShown[static_cast<std::size_t>(severity)]; }
    std::size_t count(Severity severity) const;
    const ReportRow &row(int shown) const { return m_report[m_shown[static_cast<std::size_t>(shown)]]; }
    /** The shown rows, a line each, fields parted by tabulators, below a line of headings. */
    QString asText() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void select();

    ImportReport m_report;
    std::vector<std::size_t> m_shown;
    std::array<bool, 3> m_isShown{true, true, true};
};

Mark markOf(Severity severity);
/** "warning" */
QString severityText(Severity severity);

class ReportView : public QWidget {
    Q_OBJECT

public:
    explicit ReportView(QWidget *parent = nullptr);

    void setReport(const ImportReport &report);
    /** Stands in the place of an empty table. */
    void setEmptyText(const QString &text);
    ReportModel &model() { return m_model; }
    QTableView &table() { return *m_table; }
    void copy() const;
    /** Home and End lead to the first and the last row. */
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateButtons();

    ReportModel m_model;
    QTableView *m_table;
    QLabel *m_empty;
    QLabel *m_whole; // the chosen row's message at full length
    std::array<QToolButton *, 3> m_severities;
    QString m_emptyText;
};

} // namespace kino
