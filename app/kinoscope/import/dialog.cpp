#include "app/kinoscope/import/dialog.h"

#include "app/kinoscope/import/draft_texts.h"
#include "app/kinoscope/import/form.h"
#include "app/kinoscope/import/mark_widget.h"
#include "app/kinoscope/import/profile_save_dialog.h"
#include "core/base/error.h"
#include "core/data/profile/library.h"
#include "widgets/import/report_view.h"
#include "widgets/import/table_preview.h"
#include "widgets/style/theme.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace kino {
namespace {

/** Typing a number is one question, not one a digit. */
constexpr int kDelayMs = 200;
/** Below this a guess is no more than a beginning. */
constexpr double kFair = 0.6;

QString sizeText(std::uintmax_t bytes)
{
    const QLocale english(QLocale::English);
    return english.formattedDataSize(static_cast<qint64>(bytes), bytes < 10'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

} // namespace

ImportDialog::ImportDialog(TaskRunner &runner, QWidget *parent)
    : QDialog(parent), m_runner(runner), m_looking(runner, this), m_checking(runner, this), m_profiles(runner, this), m_saving(runner, this), m_comparing(runner, this)
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
    for (TaskLine *line : {&m_looking, &m_checking, &m_profiles, &m_saving, &m_comparing})
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
    connect(m_form, &ImportForm::confirmed, this, [this](const GuessConcern &concern) {
        m_confirmed.push_back(concern);
        m_isEdited = true;
        m_savedName.clear();
        showMistakes();
        // Another cut is looked at anew first.
        if (!m_looking.isBusy())
            m_delay.start();
        updateButtons();
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
    else
        compareFiles();
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
    compareFiles();
    look();
}

/** Tables that are cut in another way cannot be read like the one that is shown. */
void ImportDialog::compareFiles()
{
    m_comparing.drop();
    m_alike.clear();
    if (m_files.empty())
        return;
    m_alike = {m_files.at(m_current)};
    if (m_files.size() < 2)
        return;
    using Paths = std::vector<std::filesystem::path>;
    m_comparing.ask<Paths>([file = m_files[m_current], files = m_files](const TaskContext &context, const std::function<void(Paths)> &) { return filesLike(file, files, context.cancel); },
                           [this](const Paths &alike) {
                               m_alike = alike;
                               updateButtons();
                           });
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
    m_sentenceMark->setMark(mark);
    m_sentenceMark->setVisible(mark != Mark::none);
    m_sentence->setText(sentence);
    m_sentence->setToolTip(details);
}

bool ImportDialog::isGuess() const { return m_readAs->currentData().toString().isEmpty() && m_savedName.empty(); }

ImportReport ImportDialog::standingAssumptions() const
{
    if (!isGuess() || !m_look.guessed || !m_look.draft)
        return {};
    ImportReport standing;
    for (std::size_t i = 0; i < m_look.reasons.size(); ++i) {
        const GuessConcern &concern = m_look.concerns[i];
        const bool isConfirmed = std::ranges::any_of(m_confirmed, [&](const GuessConcern &confirmed) { return settles(confirmed, concern); });
        if (!isConfirmed && stillStands(concern, *m_look.guessed, m_form->draft()))
            standing.push_back(m_look.reasons[i]);
    }
    return standing;
}

/** What is wrong with the settings, else how sure the guess is. */
void ImportDialog::showMistakes()
{
    const ImportReport standing = standingAssumptions();
    // The least sure assumption is the one to check.
    const auto worst = std::ranges::find(standing, Severity::warning, &ReportRow::severity);
    m_why->setVisible(!standing.empty());
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
    if (m_isEdited && worst != standing.end()) {
        const auto others = std::ranges::count(standing, Severity::warning, &ReportRow::severity) - 1;
        const QString more = others == 0 ? QString() : others == 1 ? tr(" (and 1 more)") : tr(" (and %1 more)").arg(others);
        showSentence(Mark::warning, tr("Changed by you. Still assumed: %1%2. Change it, or choose it again to confirm it.").arg(QString::fromStdString(worst->message), more));
        return;
    }
    if (m_isEdited) {
        showSentence(Mark::none, tr("Changed by you. Save it as a profile to open files of this kind without a question."));
        return;
    }
    if (!isGuess()) {
        showSentence(Mark::good, tr("Read by the profile \u201c%1\u201d.").arg(m_readAs->currentData().toString()));
        return;
    }
    const int percent = static_cast<int>(std::lround(m_look.confidence * 100));
    QString sentence = m_look.confidence >= kFair ? tr("No profile knows this file. The guess is %1 % sure.").arg(percent)
                                                  : tr("No profile knows this file. The guess is only %1 % sure: check it before you import.").arg(percent);
    if (worst != standing.end())
        sentence += QLatin1Char(' ') + tr("Most in doubt: %1.").arg(QString::fromStdString(worst->message));
    showSentence(m_look.confidence >= kFair ? Mark::none : Mark::warning, sentence);
}

/** With what is still assumed, so that it stands in the report of every import by it. */
nlohmann::json ImportDialog::profile() const
{
    nlohmann::json json = m_look.draft ? profileOf(m_form->draft()) : m_look.profile;
    for (const ReportRow &row : standingAssumptions())
        json[row.severity == Severity::info ? "notes" : "assumed"].push_back(row.message);
    return json;
}

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
    m_report->setReport(check.report);
    updateButtons();
}

bool ImportDialog::isSettled() const { return !m_looking.isBusy() && !m_checking.isBusy() && !m_profiles.isBusy() && !m_saving.isBusy() && !m_comparing.isBusy() && !m_delay.isActive(); }

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
    const bool hasAlike = m_alike.size() > 1;
    m_forAll->setVisible(hasAlike);
    m_forAll->setText(m_alike.size() == m_files.size() ? tr("Read all %1 files like this").arg(m_files.size()) : tr("Read the %1 files of this kind like this").arg(m_alike.size()));
    m_forAll->setToolTip(tr("Files of %1 that are cut like this one and have the same columns").arg(m_files.size()));
    const bool isSound = m_look.isText && !m_looking.isBusy() && (!m_look.draft || draftMistakes(m_form->draft()).empty());
    // A whole day of samples is read on: what is imported is read again, and says the same.
    m_import->setEnabled(isSound && (!m_check || m_check->problem.isEmpty()));
    m_import->setText(hasAlike && m_forAll->isChecked() ? tr("&Import %1 files").arg(m_alike.size()) : tr("&Import"));
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
        m_confirmed.clear();
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
    choice.files = m_alike.size() > 1 && m_forAll->isChecked() ? m_alike : std::vector<std::filesystem::path>{m_files[m_current]};
    const bool takesAll = choice.files.size() == m_files.size();
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
    std::erase_if(m_files, [&](const std::filesystem::path &file) { return std::ranges::find(choice.files, file) != choice.files.end(); });
    m_isEdited = false;
    m_savedName.clear();
    m_confirmed.clear();
    m_readAs->setCurrentIndex(0);
    showFile(std::min(m_current, m_files.size() - 1));
}

void ImportDialog::reject()
{
    if (!m_isEdited || !isVisible()) {
        QDialog::reject();
        return;
    }
    hide();
    Q_EMIT putAside(m_files);
}

void ImportDialog::closeEvent(QCloseEvent *event)
{
    if (!m_isEdited || !isVisible()) {
        QDialog::closeEvent(event);
        return;
    }
    event->ignore(); // closing would delete it with the corrections
    reject();
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
