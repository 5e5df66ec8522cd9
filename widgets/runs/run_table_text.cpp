#include "widgets/runs/run_table_text.h"

#include <cmath>

namespace kino {
namespace {

QString escaped(QString text, RunTextFormat format)
{
    switch (format) {
    case RunTextFormat::csv:
        if (text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')) || text.contains(QLatin1Char('\n')))
            text = QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
        return text;
    case RunTextFormat::markdown: return text.replace(QLatin1Char('\n'), QLatin1Char(' ')).replace(QLatin1Char('|'), QStringLiteral("\\|"));
    case RunTextFormat::latex: break;
    }
    QString safe;
    for (const QChar letter : text) {
        if (letter == QLatin1Char('\\'))
            safe += QStringLiteral("\\textbackslash{}");
        else if (letter == QLatin1Char('~') || letter == QLatin1Char('^'))
            safe += QLatin1Char('\\') + letter + QStringLiteral("{}");
        else if (QStringLiteral("&%$#_{}").contains(letter))
            safe += QLatin1Char('\\') + letter;
        else if (letter == QChar(0x00B1))
            safe += QStringLiteral("$\\pm$");
        else if (letter == QChar(0x2212))
            safe += QStringLiteral("$-$");
        else if (letter == QChar(0x2013))
            safe += QStringLiteral("--");
        else
            safe += letter == QLatin1Char('\n') ? QLatin1Char(' ') : letter;
    }
    return safe;
}

QString cellText(const RunTableModel &model, const QModelIndex &row, int column, RunTextFormat format)
{
    const RunRow *run = model.rowAt(row);
    if (format == RunTextFormat::csv && run && column >= RunTableModel::firstOfData) {
        const double number = run->cells[static_cast<std::size_t>(column - RunTableModel::firstOfData)].number;
        const RunColumn &kind = model.table().columns[static_cast<std::size_t>(column - RunTableModel::firstOfData)];
        if (std::isfinite(number) && kind.isNumber && kind.id != QLatin1String("created"))
            return QString::number(number, 'g', 17);
    }
    return row.siblingAtColumn(column).data().toString();
}

void addRows(QStringList &lines, const RunTableModel &model, const QModelIndex &parent, RunTextFormat format)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        QStringList cells;
        for (int column = RunTableModel::name; column < model.columnCount(); ++column)
            cells += escaped(cellText(model, index, column, format), format);
        if (format == RunTextFormat::csv)
            lines += cells.join(QLatin1Char(','));
        else if (format == RunTextFormat::markdown)
            lines += QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |");
        else
            lines += cells.join(QStringLiteral(" & ")) + QStringLiteral(" \\\\");
        // A paper wants means, a spreadsheet the runs too.
        if (format == RunTextFormat::csv)
            addRows(lines, model, index, format);
    }
}

} // namespace

QString runTableText(const RunTableModel &model, RunTextFormat format)
{
    QStringList titles, rules;
    QString columns;
    for (int column = RunTableModel::name; column < model.columnCount(); ++column) {
        titles += escaped(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(), format);
        const bool isNumber = column >= RunTableModel::firstOfData && model.table().columns[static_cast<std::size_t>(column - RunTableModel::firstOfData)].isNumber;
        rules += isNumber ? QStringLiteral("---:") : QStringLiteral("---");
        columns += isNumber ? QLatin1Char('r') : QLatin1Char('l');
    }
    QStringList lines;
    if (format == RunTextFormat::csv)
        lines += titles.join(QLatin1Char(','));
    else if (format == RunTextFormat::markdown)
        lines += {QStringLiteral("| ") + titles.join(QStringLiteral(" | ")) + QStringLiteral(" |"), QStringLiteral("| ") + rules.join(QStringLiteral(" | ")) + QStringLiteral(" |")};
    else
        lines += {QStringLiteral("\\begin{tabular}{%1}").arg(columns), QStringLiteral("\\hline"), titles.join(QStringLiteral(" & ")) + QStringLiteral(" \\\\"), QStringLiteral("\\hline")};
    addRows(lines, model, {}, format);
    if (format == RunTextFormat::latex)
        lines += {QStringLiteral("\\hline"), QStringLiteral("\\end{tabular}")};
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace kino
