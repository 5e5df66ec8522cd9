#include "app/kinoscope/import/dialog.h"

#include "app/kinoscope/import/form.h"
#include "app/kinoscope/import/profile_save_dialog.h"
#include "core/base/error.h"
#include "core/data/profile/library.h"
#include "widgets/style/icons.h"
#include "widgets/import/report_view.h"
#include "widgets/import/table_preview.h"
#include "widgets/style/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

/** Typing a number is one question, not one a digit. */
constexpr int kDelayMs = 200;
constexpr int kFormWidth = 420;
/** Below this a guess is no more than a beginning. */
constexpr double kFair = 0.6;

QString sizeText(std::uintmax_t bytes)
{
    const QLocale english(QLocale::English);
    return english.formattedDataSize(static_cast<qint64>(bytes), bytes < 10'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

class MarkWidget : public QWidget {
public:
    explicit MarkWidget(QWidget *parent) : QWidget(parent) { setFixedSize(16, 16); }
    void setMark(Mark mark)
    {
        m_mark = mark;
        setAccessibleName(markName(mark));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintMark(painter, {8, 8}, m_mark, themeOf(palette()));
    }

private:
    Mark m_mark = Mark::none;
};

class MarkDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
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

ImportDialog::ImportDialog(TaskRunner &runner, QWidget *parent)
    : QDialog(parent), m_runner(runner), m_looking(runner, this), m_checking(runner, this), m_profiles(runner, this), m_saving(runner, this)
{
    setWindowTitle(tr("Import with\u2026"));
    setObjectName(QStringLiteral("importDialog"));
    setAcceptDrops(true);
    setSizeGripEnabled(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(makeHairline(this));
    column->addWidget(makeMiddle(), 1);
    column->addWidget(makeHairline(this));
    column->addWidget(makeFoot());
    const QSize room = parent ? parent->window()->size() : QSize(1600, 1000);
    resize(std::clamp(room.width() - 120, 960, 1320), std::clamp(room.height() - 64, 640, 880));

    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ImportDialog::recheck);
    for (TaskLine *line : {&m_looking, &m_checking, &m_profiles, &m_saving})
        connect(line, &TaskLine::busyChanged, this, &ImportDialog::settle);
    connect(&m_checking, &TaskLine::progressed, this, [this](double fraction, const QString &) {
        m_progress->setRange(0, 1000);
        m_progress->setValue(static_cast<int>(fraction * 1000));
    });
    connect(m_form, &ImportForm::edited, this, [this] {
        m_isEdited = true;
        m_savedName.clear();
        showMeanings();
        showMistakes();
        m_delay.start();
        updateButtons();
    });
    connect(m_form, &ImportForm::layoutEdited, this, [this] {
        // The columns are others now: what they are is guessed anew.
        m_isEdited = true;
        m_savedName.clear();
        look();
    });
    connect(m_form, &ImportForm::columnsChosen, this, [this](const std::vector<int> &columns) {
        m_preview->setChosenColumns(columns);
        if (!columns.empty())
            m_preview->showColumn(columns.front());
    });
    connect(m_preview, &TablePreviewView::columnsChosen, m_form, &ImportForm::chooseColumns);
    fillProfiles({});
    updateButtons();
}

ImportDialog::~ImportDialog() = default;

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
        for (const ReportRow &row : m_look.reasons)
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
        auto *button = new QToolButton(upper);
        button->setText(text);
        button->setToolTip(tip);
        button->setProperty("look", QStringLiteral("chip"));
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

/** Profiles come from disk, so not on this thread. */
void ImportDialog::fillProfiles(const QString &choose)
{
    struct Named {
        QString name;
        QString title;
        bool isOwn = false;
    };
    if (m_readAs->count() == 0)
        m_readAs->addItem(tr("A guess, corrected below"), QString());
    m_profiles.ask<std::vector<Named>>(
        [](const TaskContext &, const std::function<void(std::vector<Named>)> &) {
            std::vector<Named> all;
            for (const auto &profile : loadProfiles().profiles)
                all.push_back({QString::fromStdString(profile->name), QString::fromStdString(profile->title), !profile->builtIn});
            return all;
        },
        [this, choose](const std::vector<Named> &all) {
            const QString current = choose.isEmpty() ? m_readAs->currentData().toString() : choose;
            m_readAs->clear();
            m_readAs->addItem(tr("A guess, corrected below"), QString());
            for (const bool isOwn : {true, false}) {
                if (std::ranges::any_of(all, [isOwn](const Named &each) { return each.isOwn == isOwn; }))
                    m_readAs->insertSeparator(m_readAs->count());
                for (const Named &each : all) {
                    if (each.isOwn == isOwn)
                        m_readAs->addItem(isOwn ? tr("%1 (yours)").arg(each.name) : each.name, each.name);
                    if (each.isOwn == isOwn)
                        m_readAs->setItemData(m_readAs->count() - 1, each.title, Qt::ToolTipRole);
                }
            }
            m_readAs->setCurrentIndex(std::max(0, m_readAs->findData(current)));
        });
}

void ImportDialog::addFiles(const std::vector<std::filesystem::path> &files)
{
    const bool wasEmpty = m_files.empty();
    for (const std::filesystem::path &file : files) {
        if (std::ranges::find(m_files, file) == m_files.end())
            m_files.push_back(file);
    }
    if (wasEmpty && !m_files.empty())
        showFile(0);
    updateButtons();
}

void ImportDialog::showFile(std::size_t index)
{
    if (index >= m_files.size())
        return;
    m_current = index;
    m_check.reset();
    const QString name = QString::fromStdString(m_files[index].filename().string());
    m_title->setText(fontMetrics().elidedText(name, Qt::ElideMiddle, 420));
    m_title->setToolTip(QString::fromStdString(m_files[index].string()));
    m_facts->clear();
    look();
}

void ImportDialog::look()
{
    m_delay.stop();
    m_checking.drop();
    ImportQuestion question{m_files.at(m_current), std::nullopt, m_readAs->currentData().toString().toStdString()};
    const bool hasOwnCut = m_isEdited || m_keepsEdits;
    if (hasOwnCut && m_look.draft) {
        question.layout = m_form->draft().layout;
        question.profile.clear();
    }
    // The same columns keep what they were said to be.
    const std::optional<ProfileDraft> before = hasOwnCut && m_look.draft ? std::optional(m_form->draft()) : std::nullopt;
    m_keepsEdits = false;
    m_looking.ask<ImportLook>([question](const TaskContext &, const std::function<void(ImportLook)> &) { return lookAtFile(question); },
                              [this, before](const ImportLook &look) {
                                  ImportLook now = look;
                                  const auto isSame = [](const ProfileDraft &a, const ProfileDraft &b) {
                                      return std::ranges::equal(a.columns, b.columns, {}, &ColumnDraft::name, &ColumnDraft::name);
                                  };
                                  if (before && now.draft && isSame(*before, *now.draft)) {
                                      const TableLayout layout = now.draft->layout;
                                      now.draft = before;
                                      now.draft->layout = layout;
                                  } else if (before && !now.draft && now.isText) {
                                      // Nothing can be guessed about a text cut like this; the cut itself stays editable.
                                      now.draft = before;
                                      now.draft->columns.assign(now.preview->columns, {});
                                      for (std::size_t i = 0; i < std::min(now.preview->names.size(), now.draft->columns.size()); ++i)
                                          now.draft->columns[i].name = now.preview->names[i];
                                  }
                                  showLook(now);
                              });
    m_progress->setRange(0, 0);
    updateButtons();
}

void ImportDialog::showLook(const ImportLook &look)
{
    m_look = look;
    if (!m_look.draft && m_look.isText && m_readAs->currentData().toString().isEmpty()) {
        // A text that is no table of numbers as it was cut: begin with the cut.
        ProfileDraft draft;
        draft.layout.headerRows = 0;
        draft.columns.resize(m_look.preview->columns);
        m_look.draft = draft;
        m_look.problem = tr("No table of numbers was found in this text. Choose another separator or decimal sign, skip the lines above the table, or read it by a profile.");
    }
    m_look.isText = m_look.isText && m_look.preview;
    m_right->setCurrentIndex(m_look.isText ? 0 : 1);
    m_preview->setPreview(m_look.preview);
    if (!m_look.isText)
        showProblem(m_look.problem);
    m_left->setCurrentIndex(m_look.draft || !m_look.isText ? 0 : 1);
    m_form->setEnabled(m_look.isText);
    if (m_look.draft)
        m_form->setDraft(*m_look.draft);
    m_preview->setChosenColumns(m_form->chosenColumns());
    showMeanings();
    const QString folder = QString::fromStdString(m_files[m_current].parent_path().string());
    QStringList facts;
    if (m_files.size() > 1)
        facts += tr("file %1 of %2").arg(m_current + 1).arg(m_files.size());
    if (m_look.preview) {
        facts += sizeText(m_look.preview->sizeBytes);
        if (m_look.preview->encoding != "UTF-8")
            facts += QString::fromStdString(m_look.preview->encoding);
    }
    m_facts->setText(facts.join(QStringLiteral("  \u00b7  ")));
    m_facts->setToolTip(folder);
    showMistakes();
    recheck();
}

void ImportDialog::showProblem(const QString &problem)
{
    m_nothing->setText(problem + QStringLiteral("\n\n") + tr("A table of samples in text can be imported here. Videos, MATLAB files and GoPro streams need no settings: drop them on the window."));
}

void ImportDialog::showMeanings()
{
    QStringList meanings;
    if (m_look.draft) {
        for (std::size_t i = 0; i < m_form->draft().columns.size(); ++i)
            meanings += columnMeaningText(m_form->draft(), i);
    } else if (m_look.preview) {
        // Not editable: whatever has a value is used.
        meanings.resize(static_cast<qsizetype>(m_look.preview->columns));
        for (const PreviewRow &row : m_look.preview->rows) {
            for (std::size_t i = 0; i < row.values.size(); ++i) {
                if (!row.values[i].empty())
                    meanings[static_cast<qsizetype>(i)] = tr("used by the profile");
            }
        }
    }
    m_preview->setMeanings(meanings);
}

void ImportDialog::showSentence(Mark mark, const QString &sentence, const QString &details)
{
    static_cast<MarkWidget *>(m_sentenceMark)->setMark(mark);
    m_sentenceMark->setVisible(mark != Mark::none);
    m_sentence->setText(sentence);
    m_sentence->setToolTip(details);
}

/** What is wrong with the settings, else how sure the guess is. */
void ImportDialog::showMistakes()
{
    const bool isGuess = m_readAs->currentData().toString().isEmpty();
    m_why->setVisible(isGuess && !m_look.reasons.empty() && !m_isEdited);
    if (!m_look.isText) {
        showSentence(Mark::bad, m_look.problem);
        return;
    }
    const std::vector<std::string> mistakes = m_look.draft ? draftMistakes(m_form->draft()) : std::vector<std::string>();
    if (!m_isEdited && !m_look.problem.isEmpty()) {
        showSentence(Mark::bad, m_look.problem);
        return;
    }
    if (!mistakes.empty()) {
        QStringList all;
        for (const std::string &mistake : mistakes)
            all += QString::fromStdString(mistake);
        showSentence(Mark::bad, all.front(), all.join(QLatin1Char('\n')));
        return;
    }
    if (!m_savedName.empty()) {
        showSentence(Mark::good, tr("Kept as your profile \u201c%1\u201d: files of this kind are now opened by it.").arg(QString::fromStdString(m_savedName)));
        return;
    }
    if (m_isEdited) {
        showSentence(Mark::none, tr("Changed by you. Save it as a profile to open files of this kind without a question."));
        return;
    }
    if (!isGuess) {
        showSentence(Mark::good, tr("Read by the profile \u201c%1\u201d.").arg(m_readAs->currentData().toString()));
        return;
    }
    const int percent = static_cast<int>(std::lround(m_look.confidence * 100));
    // The least sure assumption is the one to check.
    const auto worst = std::ranges::find(m_look.reasons, Severity::warning, &ReportRow::severity);
    QString sentence = m_look.confidence >= kFair ? tr("No profile knows this file. The guess is %1 % sure.").arg(percent)
                                                  : tr("No profile knows this file. The guess is only %1 % sure: check it before you import.").arg(percent);
    if (worst != m_look.reasons.end())
        sentence += QLatin1Char(' ') + tr("Most in doubt: %1.").arg(QString::fromStdString(worst->message));
    showSentence(m_look.confidence >= kFair ? Mark::none : Mark::warning, sentence);
}

nlohmann::json ImportDialog::profile() const { return m_look.draft ? profileOf(m_form->draft()) : m_look.profile; }

void ImportDialog::recheck()
{
    m_delay.stop();
    const bool isSound = m_look.isText && (!m_look.draft || draftMistakes(m_form->draft()).empty());
    if (!isSound) {
        m_checking.drop();
        ImportCheck none;
        none.isWhole = true;
        none.preview = m_look.preview;
        none.problem = m_look.isText ? tr("Nothing yet: see the sentence above.") : QString();
        showCheck(none);
        settle();
        return;
    }
    m_progress->setRange(0, 0);
    m_checking.ask<ImportCheck>([file = m_files[m_current], json = profile()](const TaskContext &context, const std::function<void(ImportCheck)> &publish) { return checkImport(file, json, context, publish); },
                                [this](const ImportCheck &check) { showCheck(check); });
    updateButtons();
}

void ImportDialog::showCheck(const ImportCheck &check)
{
    if (check.preview && check.preview != m_preview->previewModel().preview()) {
        const int scrolled = m_preview->verticalScrollBar()->value();
        m_preview->setPreview(check.preview);
        m_preview->verticalScrollBar()->setValue(scrolled);
        m_preview->setChosenColumns(m_form->chosenColumns());
        m_look.preview = check.preview;
        showMeanings();
        const auto leftOut = std::ranges::count(check.preview->rows, PreviewRowKind::leftOut, &PreviewRow::kind);
        const auto rows = std::ranges::count_if(check.preview->rows, [](const PreviewRow &row) { return row.kind != PreviewRowKind::above; });
        m_previewNote->setText(leftOut > 0 ? tr("first %1 rows, %2 of them cannot be read").arg(rows).arg(leftOut) : tr("first %1 rows").arg(rows));
    }
    if (!check.isWhole)
        return;
    m_check = check;
    m_summary->setText(check.problem.isEmpty() ? check.summary : check.problem);
    m_streams->setRowCount(static_cast<int>(check.streams.size()));
    for (int row = 0; row < m_streams->rowCount(); ++row) {
        const ImportedStream &stream = check.streams[static_cast<std::size_t>(row)];
        const QStringList texts{stream.name, stream.samples, stream.rate, stream.range};
        for (int column = 0; column < texts.size(); ++column) {
            auto *item = new QTableWidgetItem(texts[column]);
            item->setToolTip(stream.tip);
            item->setData(Qt::UserRole, static_cast<int>(stream.mark));
            if (column == 0)
                item->setData(Qt::AccessibleTextRole, stream.name + QStringLiteral(", ") + markName(stream.mark) + QStringLiteral(", ") + stream.tip);
            m_streams->setItem(row, column, item);
        }
    }
    ImportReport report = check.report;
    if (m_readAs->currentData().toString().isEmpty() && !m_isEdited)
        report.insert(report.begin(), m_look.reasons.begin(), m_look.reasons.end());
    m_report->setReport(report);
    updateButtons();
}

bool ImportDialog::isSettled() const { return !m_looking.isBusy() && !m_checking.isBusy() && !m_profiles.isBusy() && !m_saving.isBusy() && !m_delay.isActive(); }

void ImportDialog::settle()
{
    m_progress->setVisible(m_looking.isBusy() || m_checking.isBusy());
    updateButtons();
    if (isSettled())
        Q_EMIT settled();
}

void ImportDialog::updateButtons()
{
    const bool isMany = m_files.size() > 1;
    m_previous->setVisible(isMany);
    m_next->setVisible(isMany);
    m_previous->setEnabled(m_current > 0);
    m_next->setEnabled(m_current + 1 < m_files.size());
    m_forAll->setVisible(isMany);
    m_forAll->setText(tr("Read all %1 files like this").arg(m_files.size()));
    const bool isSound = m_look.isText && !m_looking.isBusy() && (!m_look.draft || draftMistakes(m_form->draft()).empty());
    // A whole day of samples is read on: what is imported is read again, and says the same.
    m_import->setEnabled(isSound && (!m_check || m_check->problem.isEmpty()));
    m_import->setText(isMany && m_forAll->isChecked() ? tr("&Import %1 files").arg(m_files.size()) : tr("&Import"));
    m_save->setEnabled(isSound && m_look.draft.has_value());
}

QString ImportDialog::sentence() const { return m_sentence->text(); }

QStringList ImportDialog::streamLines() const
{
    QStringList lines;
    for (int row = 0; row < m_streams->rowCount(); ++row) {
        QStringList texts;
        for (int column = 0; column < m_streams->columnCount(); ++column)
            texts += m_streams->item(row, column)->text();
        lines += texts.join(QLatin1Char(' '));
    }
    return lines;
}

void ImportDialog::saveProfile()
{
    auto *dialog = new ProfileSaveDialog(m_runner, m_files[m_current], m_form->draft(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ProfileSaveDialog::saved, this, [this](const ProfileDraft &draft) {
        m_isEdited = false;
        m_savedName = draft.name;
        m_look.draft = draft;
        m_look.reasons.clear();
        m_form->setDraft(draft);
        fillProfiles(QString::fromStdString(draft.name));
        showMistakes();
        updateButtons();
    });
    dialog->open();
}

void ImportDialog::acceptImport()
{
    ImportChoice choice;
    const bool takesAll = m_files.size() == 1 || m_forAll->isChecked();
    choice.files = takesAll ? m_files : std::vector<std::filesystem::path>{m_files[m_current]};
    if (!m_savedName.empty())
        choice.profileName = m_savedName;
    else if (!m_isEdited)
        choice.profileName = m_readAs->currentData().toString().toStdString();
    // A guess that nobody touched is made again, with all that it assumes in the report.
    const bool isPlainGuess = choice.profileName.empty() && !m_isEdited;
    if (!isPlainGuess)
        choice.profile = profile();
    if (m_isEdited && choice.profile.value("name", std::string()) == "guess")
        choice.profile["name"] = "corrected-guess";
    Q_EMIT importRequested(choice);
    if (takesAll) {
        accept();
        return;
    }
    // The others are another kind.
    m_files.erase(m_files.begin() + static_cast<std::ptrdiff_t>(m_current));
    m_isEdited = false;
    m_savedName.clear();
    m_readAs->setCurrentIndex(0);
    showFile(std::min(m_current, m_files.size() - 1));
}

void ImportDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ImportDialog::dropEvent(QDropEvent *event)
{
    std::vector<std::filesystem::path> files;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile() && QFileInfo(url.toLocalFile()).isFile())
            files.emplace_back(url.toLocalFile().toStdString());
    }
    event->acceptProposedAction();
    if (!files.empty()) {
        addFiles(files);
        const auto at = std::ranges::find(m_files, files.front());
        m_keepsEdits = m_isEdited;
        showFile(static_cast<std::size_t>(at - m_files.begin()));
    }
}

void ImportDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

} // namespace kino
