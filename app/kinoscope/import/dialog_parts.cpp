// How the import dialog is laid out: its head, form and preview, what will be imported, its foot.
#include "app/kinoscope/import/dialog.h"

#include "app/kinoscope/import/form.h"
#include "app/kinoscope/import/mark_widget.h"
#include "widgets/controls/chip_button.h"
#include "widgets/import/report_view.h"
#include "widgets/import/table_preview.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kFormWidth = 420;

class MarkDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override { return QStyledItemDelegate::sizeHint(option, index) + QSize(30, 0); }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem moved = option;
        moved.rect.setLeft(moved.rect.left() + 22);
        moved.state &= ~QStyle::State_HasFocus;
        QStyledItemDelegate::paint(painter, moved, index);
        paintMark(*painter, {option.rect.left() + 13.0, option.rect.center().y() + 0.5}, static_cast<Mark>(index.data(Qt::UserRole).toInt()), themeOf(option.palette));
    }
};

} // namespace

QWidget *ImportDialog::makeHead()
{
    auto *head = new QWidget(this);
    head->setProperty("panel", QStringLiteral("bar"));
    head->setAttribute(Qt::WA_StyledBackground);
    auto *rows = new QVBoxLayout(head);
    rows->setContentsMargins(16, 12, 16, 12);
    rows->setSpacing(8);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    m_title = new QLabel(head);
    QFont big = font();
    big.setPointSizeF(font().pointSizeF() * 1.3);
    big.setWeight(QFont::DemiBold);
    m_title->setFont(big);
    m_title->setTextFormat(Qt::PlainText);
    m_facts = new QLabel(head);
    m_facts->setProperty("role", QStringLiteral("dim"));
    m_facts->setTextFormat(Qt::PlainText);
    const auto arrow = [&](const QString &iconName, const QString &tip, int step) {
        auto *button = new QToolButton(head);
        button->setIcon(icon(iconName));
        button->setIconSize({16, 16});
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QToolButton::clicked, this, [this, step] {
            m_keepsEdits = true;
            showFile(static_cast<std::size_t>(static_cast<std::ptrdiff_t>(m_current) + step));
        });
        return button;
    };
    m_previous = arrow(QStringLiteral("step-back"), tr("The file before"), -1);
    m_next = arrow(QStringLiteral("step-forward"), tr("The next file"), 1);
    first->addWidget(m_title);
    first->addWidget(m_facts);
    first->addWidget(m_previous);
    first->addWidget(m_next);
    first->addStretch(1);
    auto *label = new QLabel(tr("Read &as"), head);
    label->setProperty("role", QStringLiteral("dim"));
    m_readAs = new QComboBox(head);
    m_readAs->setAccessibleName(tr("Read as"));
    m_readAs->setMinimumWidth(240);
    m_readAs->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    label->setBuddy(m_readAs);
    connect(m_readAs, &QComboBox::activated, this, [this] {
        m_isEdited = false;
        m_savedName.clear();
        m_confirmed.clear();
        look();
    });
    first->addWidget(label);
    first->addWidget(m_readAs);
    rows->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    m_sentenceMark = new MarkWidget(head);
    m_sentence = new QLabel(head);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setMinimumHeight(20);
    m_why = new QToolButton(head);
    m_why->setText(tr("Why?"));
    m_why->setFocusPolicy(Qt::TabFocus);
    m_why->setToolTip(tr("What was assumed rather than read"));
    connect(m_why, &QToolButton::clicked, this, [this] {
        auto *popup = new QFrame(this, Qt::Popup);
        popup->setAttribute(Qt::WA_DeleteOnClose);
        popup->setFrameShape(QFrame::StyledPanel);
        auto *column = new QVBoxLayout(popup);
        column->setContentsMargins(12, 12, 12, 12);
        auto *text = new QLabel(popup);
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setMinimumWidth(520);
        QStringList lines;
        for (const ReportRow &row : standingAssumptions())
            lines += QStringLiteral("\u2022 ") + QString::fromStdString(row.message);
        text->setText(lines.join(QLatin1Char('\n')));
        column->addWidget(text);
        popup->adjustSize();
        popup->move(m_why->mapToGlobal(QPoint(0, m_why->height() + 4)));
        popup->show();
    });
    second->addWidget(m_sentenceMark, 0, Qt::AlignTop);
    second->addWidget(m_sentence, 1);
    second->addWidget(m_why, 0, Qt::AlignTop);
    rows->addLayout(second);
    return head;
}

QWidget *ImportDialog::makeMiddle()
{
    auto *middle = new QWidget(this);
    auto *across = new QHBoxLayout(middle);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    m_form = new ImportForm(middle);
    m_form->setFixedWidth(kFormWidth);
    m_formHolder = m_form;
    m_left = new QStackedWidget(middle);
    m_left->setFixedWidth(kFormWidth);
    m_left->setProperty("panel", QStringLiteral("side"));
    m_left->setAttribute(Qt::WA_StyledBackground);
    m_left->addWidget(m_form);
    auto *asItIs = new QLabel(tr("This profile says more than a form can show (several files, labels beside them, rows of several devices). It is used as it is.\n\n"
                                 "It is one JSON file; docs/profiles.md tells how to write your own after it."),
                              m_left);
    asItIs->setWordWrap(true);
    asItIs->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    asItIs->setMargin(16);
    asItIs->setProperty("role", QStringLiteral("dim"));
    m_left->addWidget(asItIs);
    across->addWidget(m_left);
    auto *line = new QFrame(middle);
    line->setProperty("role", QStringLiteral("hairline"));
    line->setFixedWidth(1);
    across->addWidget(line);

    auto *down = new QSplitter(Qt::Vertical, middle);
    down->setHandleWidth(1);
    down->setChildrenCollapsible(false);
    auto *upper = new QWidget(down);
    upper->setProperty("panel", QStringLiteral("side"));
    upper->setAttribute(Qt::WA_StyledBackground);
    auto *upperColumn = new QVBoxLayout(upper);
    upperColumn->setContentsMargins(8, 8, 8, 4);
    upperColumn->setSpacing(4);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(4);
    const auto mode = [&](const QString &text, const QString &tip) {
        QToolButton *button = makeChip(text, tip, upper);
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setFocusPolicy(Qt::TabFocus);
        bar->addWidget(button);
        return button;
    };
    m_asInFile = mode(tr("As in the file"), tr("The fields as the text is cut"));
    m_asRead = mode(tr("As read"), tr("Numbers in SI units, times from the first row"));
    m_asInFile->setChecked(true);
    connect(m_asRead, &QToolButton::toggled, this, [this](bool isRead) { m_preview->setMode(isRead ? PreviewMode::asRead : PreviewMode::asInFile); });
    bar->addStretch(1);
    m_previewNote = new QLabel(upper);
    m_previewNote->setProperty("role", QStringLiteral("dim"));
    bar->addWidget(m_previewNote);
    upperColumn->addLayout(bar);
    m_right = new QStackedWidget(upper);
    m_preview = new TablePreviewView(m_right);
    m_nothing = new QLabel(m_right);
    m_nothing->setWordWrap(true);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setTextFormat(Qt::PlainText);
    m_nothing->setMargin(48);
    m_nothing->setProperty("role", QStringLiteral("dim"));
    m_right->addWidget(m_preview);
    m_right->addWidget(m_nothing);
    upperColumn->addWidget(m_right, 1);
    down->addWidget(upper);
    down->addWidget(makeResult());
    down->setStretchFactor(0, 3);
    down->setStretchFactor(1, 2);
    down->setSizes({380, 280});
    across->addWidget(down, 1);
    return middle;
}

QWidget *ImportDialog::makeResult()
{
    auto *result = new QWidget(this);
    result->setProperty("panel", QStringLiteral("side"));
    result->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(result);
    column->setContentsMargins(16, 8, 8, 8);
    column->setSpacing(4);
    auto *head = new QHBoxLayout;
    auto *title = new QLabel(tr("What will be imported"), result);
    title->setFont(panelTitleFont(font()));
    m_summary = new QLabel(result);
    m_summary->setProperty("role", QStringLiteral("dim"));
    m_summary->setTextFormat(Qt::PlainText);
    m_progress = new QProgressBar(result);
    m_progress->setFixedWidth(120);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Reading the file"));
    head->addWidget(title);
    head->addSpacing(8);
    head->addWidget(m_summary);
    head->addStretch(1);
    head->addWidget(m_progress);
    column->addLayout(head);
    auto *across = new QHBoxLayout;
    across->setSpacing(16);
    m_streams = new QTableWidget(0, 4, result);
    m_streams->setHorizontalHeaderLabels({tr("Stream"), tr("Samples"), tr("Rate"), tr("Values")});
    m_streams->setAccessibleName(tr("Streams that will be imported"));
    m_streams->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_streams->setSelectionMode(QAbstractItemView::NoSelection);
    m_streams->setTabKeyNavigation(false);
    m_streams->setWordWrap(false); // a "/" is no place to break a name
    m_streams->setShowGrid(false);
    m_streams->setFrameShape(QFrame::NoFrame);
    m_streams->setItemDelegateForColumn(0, new MarkDelegate(m_streams));
    m_streams->verticalHeader()->hide();
    m_streams->verticalHeader()->setDefaultSectionSize(24);
    m_streams->horizontalHeader()->setHighlightSections(false);
    m_streams->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_streams->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    // Where there is little room, the name of a stream says more than its values.
    m_streams->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_streams->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_streams->horizontalHeader()->setProperty("look", QStringLiteral("narrow"));
    m_streams->horizontalHeader()->resizeSection(1, 62);
    m_streams->horizontalHeader()->resizeSection(2, 66);
    m_report = new ReportView(result);
    m_report->setEmptyText(tr("What is converted, left out or assumed will stand here."));
    m_report->table().setColumnHidden(ReportModel::fileColumn, true); // it is this one
    m_report->table().setColumnHidden(ReportModel::codeColumn, true);
    m_report->table().horizontalHeader()->resizeSection(ReportModel::countColumn, 56);
    m_report->table().horizontalHeader()->resizeSection(ReportModel::lineColumn, 56);
    across->addWidget(m_streams, 11);
    across->addWidget(m_report, 12);
    column->addLayout(across, 1);
    return result;
}

QWidget *ImportDialog::makeFoot()
{
    auto *foot = new QWidget(this);
    foot->setProperty("panel", QStringLiteral("bar"));
    foot->setAttribute(Qt::WA_StyledBackground);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(16, 12, 16, 12);
    row->setSpacing(8);
    m_save = new QPushButton(tr("Save as &profile\u2026"), foot);
    m_save->setToolTip(tr("Keeps these settings: files of this kind are then opened by them without a question"));
    m_save->setAutoDefault(false);
    m_forAll = new QCheckBox(foot);
    m_forAll->setChecked(true);
    m_cancel = new QPushButton(tr("Cancel"), foot);
    m_cancel->setAutoDefault(false);
    m_import = new QPushButton(tr("&Import"), foot);
    m_import->setProperty("look", QStringLiteral("primary"));
    m_import->setDefault(true);
    row->addWidget(m_save);
    row->addStretch(1);
    row->addWidget(m_forAll);
    row->addSpacing(8);
    row->addWidget(m_cancel);
    row->addWidget(m_import);
    connect(m_save, &QPushButton::clicked, this, &ImportDialog::saveProfile);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_import, &QPushButton::clicked, this, &ImportDialog::acceptImport);
    connect(m_forAll, &QCheckBox::toggled, this, &ImportDialog::updateButtons);
    return foot;
}

} // namespace kino
