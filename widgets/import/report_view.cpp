#include "widgets/import/report_view.h"

#include "widgets/controls/chip_button.h"
#include "widgets/style/text_painting.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kRowHeight = 24;

constexpr std::array<Severity, 3> kWorstFirst{Severity::error, Severity::warning, Severity::info};

QString fileText(const ReportRow &row) { return QString::fromStdString(row.file.filename().string()); }

/** The message with its mark; all else dim and in tabular figures. */
class ReportDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = themeOf(option.palette);
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, theme.selection);
        QRect text = option.rect.adjusted(8, 0, -8, 0);
        const bool isMessage = index.column() == ReportModel::messageColumn;
        if (isMessage) {
            const auto mark = static_cast<Mark>(index.data(Qt::UserRole).toInt());
            if (mark == Mark::none) {
                painter->setRenderHint(QPainter::Antialiasing);
                painter->setPen(QPen(theme.dim, 1.2));
                painter->drawEllipse(QPointF(text.left() + 6.0, text.center().y() + 0.5), 2.5, 2.5);
            }
            paintMark(*painter, {text.left() + 6.0, text.center().y() + 0.5}, mark, theme);
            text.setLeft(text.left() + 20);
        }
        painter->setFont(isMessage ? option.font : smallFont(option.font));
        painter->setPen(isMessage ? theme.text : theme.dim);
        const QString shown = painter->fontMetrics().elidedText(index.data().toString(), index.column() == ReportModel::fileColumn ? Qt::ElideMiddle : Qt::ElideRight, text.width());
        const bool isNumber = index.column() == ReportModel::countColumn || index.column() == ReportModel::lineColumn;
        if (isNumber)
            drawTabular(*painter, text, Qt::AlignRight, shown);
        else
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, shown);
        painter->restore();
    }
};

} // namespace

Mark markOf(Severity severity)
{
    return severity == Severity::error ? Mark::bad : severity == Severity::warning ? Mark::warning : Mark::none;
}

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::error: return QObject::tr("error");
    case Severity::warning: return QObject::tr("warning");
    case Severity::info: break;
    }
    return QObject::tr("note");
}

void ReportModel::setReport(ImportReport report)
{
    beginResetModel();
    m_report = std::move(report);
    std::ranges::stable_sort(m_report, std::greater<>(), &ReportRow::severity);
    select();
    endResetModel();
}

void ReportModel::setShown(Severity severity, bool isShown)
{
    if (m_isShown[static_cast<std::size_t>(severity)] == isShown)
        return;
    beginResetModel();
    m_isShown[static_cast<std::size_t>(severity)] = isShown;
    select();
    endResetModel();
}

void ReportModel::select()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_report.size(); ++i) {
        if (isShown(m_report[i].severity))
            m_shown.push_back(i);
    }
}

std::size_t ReportModel::count(Severity severity) const
{
    return static_cast<std::size_t>(std::ranges::count(m_report, severity, &ReportRow::severity));
}

QString ReportModel::asText() const
{
    QString text = tr("severity\tmessage\tcount\tfile\tline\tcode") + QLatin1Char('\n');
    for (const std::size_t i : m_shown) {
        const ReportRow &row = m_report[i];
        // A message with line ends would be two rows where it is pasted.
        const QString message = QString::fromStdString(row.message).replace(QLatin1Char('\n'), QLatin1Char(' ')).replace(QLatin1Char('\t'), QLatin1Char(' '));
        text += severityText(row.severity) + QLatin1Char('\t') + message + QLatin1Char('\t') + QString::number(row.count) + QLatin1Char('\t')
                + QString::fromStdString(row.file.string()) + QLatin1Char('\t') + (row.line > 0 ? QString::number(row.line) : QString()) + QLatin1Char('\t')
                + QString::fromStdString(row.code) + QLatin1Char('\n');
    }
    return text;
}

int ReportModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_shown.size()); }

int ReportModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columnsCount; }

QVariant ReportModel::data(const QModelIndex &index, int role) const
{
    const ReportRow &each = row(index.row());
    if (role == Qt::UserRole)
        return static_cast<int>(markOf(each.severity));
    if (role == Qt::AccessibleTextRole && index.column() == messageColumn)
        return severityText(each.severity) + QStringLiteral(": ") + QString::fromStdString(each.message);
    if (role == Qt::ToolTipRole && index.column() == fileColumn)
        return QString::fromStdString(each.file.string());
    if (role == Qt::ToolTipRole && index.column() == messageColumn)
        return QString::fromStdString(each.message);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case messageColumn: return QString::fromStdString(each.message).simplified();
    case countColumn: return each.count > 1 ? QLocale(QLocale::English).toString(static_cast<qlonglong>(each.count)) : QString();
    case fileColumn: return fileText(each);
    case lineColumn: return each.line > 0 ? QString::number(each.line) : QString();
    case codeColumn: return QString::fromStdString(each.code);
    default: return {};
    }
}

QVariant ReportModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == countColumn || section == lineColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case messageColumn: return tr("What");
    case countColumn: return tr("Times");
    case fileColumn: return tr("File");
    case lineColumn: return tr("Line");
    case codeColumn: return tr("Code");
    default: return {};
    }
}

ReportView::ReportView(QWidget *parent)
    : QWidget(parent), m_table(new QTableView(this)), m_empty(new QLabel(this)), m_whole(new QLabel(this)), m_severities{},
      m_emptyText(tr("Nothing to report: every row was read as it stands."))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(0, 0, 0, 0);
    bar->setSpacing(4);
    for (const Severity severity : kWorstFirst) {
        QToolButton *button = makeChip({}, {}, this);
        button->setCheckable(true);
        button->setChecked(true);
        button->setFocusPolicy(Qt::TabFocus);
        m_severities[static_cast<std::size_t>(severity)] = button;
        connect(button, &QToolButton::toggled, this, [this, severity](bool isOn) {
            m_model.setShown(severity, isOn);
            updateButtons();
        });
        bar->addWidget(button);
    }
    bar->addStretch(1);
    auto *copyButton = new QToolButton(this);
    copyButton->setText(tr("Copy as text"));
    copyButton->setObjectName(QStringLiteral("copyReport"));
    copyButton->setToolTip(tr("Copies the rows that are shown"));
    copyButton->setFocusPolicy(Qt::TabFocus);
    connect(copyButton, &QToolButton::clicked, this, &ReportView::copy);
    bar->addWidget(copyButton);
    column->addLayout(bar);

    m_table->setModel(&m_model);
    m_table->setItemDelegate(new ReportDelegate(m_table));
    m_table->setAccessibleName(tr("Import report"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(48);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(ReportModel::messageColumn, QHeaderView::Stretch);
    header->resizeSection(ReportModel::countColumn, 64);
    header->resizeSection(ReportModel::fileColumn, 150);
    header->resizeSection(ReportModel::lineColumn, 64);
    header->resizeSection(ReportModel::codeColumn, 112);
    m_table->installEventFilter(this);
    column->addWidget(m_table, 1);
    m_empty->setProperty("role", QStringLiteral("dim"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    column->addWidget(m_empty, 1);
    m_whole->setWordWrap(true);
    m_whole->setTextFormat(Qt::PlainText);
    m_whole->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_whole->setContentsMargins(8, 0, 8, 4);
    column->addWidget(m_whole);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        const QString message = current.isValid() ? QString::fromStdString(m_model.row(current.row()).message) : QString();
        m_whole->setText(message.size() > 600 ? message.left(600) + QChar(0x2026) : message);
        m_whole->setVisible(!message.isEmpty());
    });
    auto *copyAction = new QAction(this);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(copyAction, &QAction::triggered, this, &ReportView::copy);
    addAction(copyAction);
    updateButtons();
}

bool ReportView::eventFilter(QObject *watched, QEvent *event)
{
    const int rows = m_model.rowCount();
    if (watched != m_table || event->type() != QEvent::KeyPress || rows == 0)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key != Qt::Key_Home && key != Qt::Key_End)
        return QWidget::eventFilter(watched, event);
    // A table's own go to the first and the last column, which nobody sees where rows are chosen whole.
    m_table->setCurrentIndex(m_model.index(key == Qt::Key_Home ? 0 : rows - 1, ReportModel::messageColumn));
    return true;
}

void ReportView::setReport(const ImportReport &report)
{
    m_model.setReport(report);
    updateButtons();
}

void ReportView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    updateButtons();
}

void ReportView::copy() const { QGuiApplication::clipboard()->setText(m_model.asText()); }

void ReportView::updateButtons()
{
    for (const Severity severity : kWorstFirst) {
        const std::size_t count = m_model.count(severity);
        QString text;
        switch (severity) {
        case Severity::error: text = count == 1 ? tr("1 error") : tr("%1 errors").arg(count); break;
        case Severity::warning: text = count == 1 ? tr("1 warning") : tr("%1 warnings").arg(count); break;
        case Severity::info: text = count == 1 ? tr("1 note") : tr("%1 notes").arg(count); break;
        }
        QToolButton *button = m_severities[static_cast<std::size_t>(severity)];
        button->setText(text);
        button->setAccessibleName(tr("Show %1").arg(text));
        button->setEnabled(count > 0);
    }
    const bool isEmpty = m_model.rowCount() == 0;
    m_table->setVisible(!isEmpty);
    m_empty->setVisible(isEmpty);
    m_empty->setText(m_model.report().empty() ? m_emptyText : tr("Rows of this kind are hidden; switch one of the buttons above on."));
    m_whole->setVisible(false);
    if (QWidget *button = findChild<QToolButton *>(QStringLiteral("copyReport")))
        button->setEnabled(!isEmpty);
}

} // namespace kino
