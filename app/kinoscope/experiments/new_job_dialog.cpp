#include "app/kinoscope/experiments/new_job_dialog.h"

#include "app/kinoscope/experiments/presets.h"
#include "app/kinoscope/experiments/specification_fields.h"
#include "widgets/controls/choice_box.h"
#include "widgets/form/json_editor.h"
#include "widgets/style/theme.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr qint64 kMostBytes = 8 * 1024 * 1024;

} // namespace

NewJobDialog::NewJobDialog(std::filesystem::path project, QStringList subjects, TaskRunner &runner, QWidget *parent)
    : QDialog(parent), m_project(std::move(project)), m_folder(m_project), m_subjects(std::move(subjects)), m_presets(new ChoiceBox(tr("Begin with"), this)), m_about(new QLabel(this)),
      m_editor(new JsonEditor(this)), m_summary(new QLabel(this)), m_submit(new QPushButton(tr("&Add to queue"), this)),
      m_estimateButton(new QPushButton(this)), m_estimateLine(new QLabel(this)), m_estimate(new JobEstimate(this)), m_line(new TaskLine(runner, this))
{
    setWindowTitle(tr("New job"));
    setObjectName(QStringLiteral("new-job"));
    resize(1020, 760);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 12, 12, 4);
    top->setSpacing(8);
    auto *caption = new QLabel(tr("Begin with"), this);
    caption->setProperty("role", QStringLiteral("dim"));
    caption->setBuddy(m_presets);
    top->addWidget(caption);
    for (const JobPreset &preset : jobPresets()) {
        m_presets->addItem(preset.name, preset.file);
        m_presets->setItemData(m_presets->count() - 1, preset.about, Qt::ToolTipRole);
    }
    m_presets->setMinimumWidth(320);
    top->addWidget(m_presets);
    auto *open = new QPushButton(tr("&Open a file\u2026"), this);
    open->setAutoDefault(false);
    top->addWidget(open);
    top->addStretch(1);
    column->addLayout(top);
    m_about->setWordWrap(true);
    m_about->setProperty("role", QStringLiteral("dim"));
    m_about->setContentsMargins(12, 0, 12, 4);
    column->addWidget(m_about);
    column->addWidget(makeHairline(this));
    column->addWidget(m_editor, 1);
    column->addWidget(makeHairline(this));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 8, 12, 12);
    foot->setSpacing(8);
    m_summary->setProperty("role", QStringLiteral("dim"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_estimateLine->setWordWrap(true);
    m_estimateLine->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_estimateLine->setAccessibleName(tr("Estimate"));
    auto *told = new QVBoxLayout;
    told->setSpacing(4);
    told->addWidget(m_summary);
    told->addWidget(m_estimateLine);
    foot->addLayout(told, 1);
    m_estimateButton->setAutoDefault(false);
    m_estimateButton->setToolTip(tr("Steps, time, memory and disk, from a few real steps beside this window; nothing is written"));
    foot->addWidget(m_estimateButton, 0, Qt::AlignBottom);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_submit->setProperty("look", QStringLiteral("primary"));
    m_submit->setAutoDefault(false); // Return in a field is no decision
    foot->addWidget(cancel, 0, Qt::AlignBottom);
    foot->addWidget(m_submit, 0, Qt::AlignBottom);
    column->addLayout(foot);
    connect(cancel, &QPushButton::clicked, this, [this] { dropEdits([this] { reject(); }); });
    connect(m_submit, &QPushButton::clicked, this, &NewJobDialog::submit);
    connect(open, &QPushButton::clicked, this, &NewJobDialog::openFile);
    connect(m_estimateButton, &QPushButton::clicked, this, &NewJobDialog::toggleEstimate);
    connect(m_estimate, &JobEstimate::progressed, this, [this](double fraction, const QString &what) {
        m_estimateLine->setText(tr("Estimating: %1 %, %2").arg(qRound(100 * fraction)).arg(what));
    });
    connect(m_estimate, &JobEstimate::finished, this, [this](const nlohmann::json &estimate) {
        m_estimated = estimate;
        showEstimate();
    });
    connect(m_estimate, &JobEstimate::failed, this, [this](const QString &sentence) {
        m_estimateTrouble = sentence;
        showEstimate();
    });
    connect(m_presets, &QComboBox::activated, this, [this] {
        const QString file = m_presets->currentData().toString();
        m_presets->setCurrentIndex(m_presets->findData(m_preset)); // until it is sure
        dropEdits([this, file] { choosePreset(file); });
    });
    connect(m_editor, &JsonEditor::changed, this, &NewJobDialog::judge);
    connect(m_line, &TaskLine::busyChanged, this, &NewJobDialog::settledChanged);
    connect(&m_editor->form(), &FormView::completed, this, &NewJobDialog::settledChanged);
    if (!jobPresets().empty())
        choosePreset(jobPresets().front().file);
}

void NewJobDialog::choosePreset(const QString &file)
{
    const auto &presets = jobPresets();
    const auto found = std::ranges::find(presets, file, &JobPreset::file);
    if (found == presets.end())
        return;
    m_presets->setCurrentIndex(static_cast<int>(found - presets.begin()));
    m_about->setText(found->about);
    m_folder = m_project;
    m_preset = file;
    startWith(withProjectsRecordings(found->text, m_subjects));
}

void NewJobDialog::startWith(const QString &text)
{
    m_begunWith = text;
    m_editor->setText(text);
}

bool NewJobDialog::isEdited() const { return m_editor->text() != m_begunWith; }

void NewJobDialog::dropEdits(const std::function<void()> &drop)
{
    if (!isEdited()) {
        drop();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Question, tr("New job"), tr("What you changed in this specification is not in the queue yet."), QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *dropping = box->addButton(tr("&Drop the changes"), QMessageBox::DestructiveRole);
    QPushButton *staying = box->addButton(tr("&Go on editing"), QMessageBox::RejectRole);
    box->setDefaultButton(staying);
    box->setEscapeButton(staying);
    connect(dropping, &QPushButton::clicked, this, drop);
    box->open();
}

void NewJobDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Cancel)) {
        dropEdits([this] { reject(); });
        return;
    }
    QDialog::keyPressEvent(event);
}

void NewJobDialog::closeEvent(QCloseEvent *event)
{
    if (!isEdited() || !isVisible()) {
        QDialog::closeEvent(event);
        return;
    }
    event->ignore();
    dropEdits([this] { reject(); });
}

void NewJobDialog::openText(const QString &text, const std::filesystem::path &folder)
{
    m_presets->setCurrentIndex(-1);
    m_about->clear();
    m_folder = folder;
    m_preset.clear();
    startWith(text);
}

void NewJobDialog::openFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a specification"), QString::fromStdString(m_folder.string()), tr("Specification (*.json)"));
    if (path.isEmpty())
        return;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMostBytes) {
        m_about->setText(tr("%1 cannot be read as a specification.").arg(path));
        return;
    }
    openText(QString::fromUtf8(file.readAll()), QFileInfo(path).absolutePath().toStdString());
    m_about->setText(path);
}

void NewJobDialog::judge()
{
    m_submit->setEnabled(false);
    m_isJudged = false;
    showEstimate();
    if (!m_editor->values()) {
        m_line->drop();
        m_summary->setText(tr("The text is no JSON."));
        m_isJudged = true;
        Q_EMIT settledChanged();
        return;
    }
    const nlohmann::json values = *m_editor->values();
    const SpecificationKind kind = kindOf(values);
    if (const std::string name(specificationKindName(kind)); name != m_kind) {
        m_kind = name;
        m_editor->setFields(specificationFields(kind));
    }
    m_line->ask<Judgement>([values, folder = m_folder](const TaskContext &, const auto &) {
        Judgement judgement{judgeSpecification(values, folder), {}};
        const bool isSound = std::ranges::all_of(judgement.verdict.problems, &FormProblem::isWarning);
        if (isSound)
            judgement.summary = QString::fromStdString(specificationSummary(values)).trimmed();
        return judgement;
    }, [this](const Judgement &judgement) { take(judgement); });
}

void NewJobDialog::take(const Judgement &judgement)
{
    m_editor->setVerdict(judgement.verdict);
    m_isJudged = true;
    showEstimate();
    m_submit->setEnabled(m_editor->errors() == 0);
    m_submit->setToolTip(m_editor->errors() == 0 ? QString() : tr("There are problems to be mended first"));
    QStringList lines;
    // The name stands in the form; two columns of blanks are for a terminal.
    for (const QString &line : judgement.summary.split(QLatin1Char('\n')))
        lines += line.simplified();
    m_summary->setText(m_editor->errors() == 0 ? lines.join(QLatin1Char('\n')) : tr("What is marked in the form needs to be mended before it can run."));
    Q_EMIT settledChanged();
}

void NewJobDialog::setProgram(const QString &path)
{
    m_program = path;
    showEstimate();
}

void NewJobDialog::toggleEstimate()
{
    if (m_estimate->isRunning()) {
        m_estimate->cancel();
        showEstimate();
        return;
    }
    if (!m_isJudged || !m_editor->values() || m_editor->errors() > 0)
        return;
    m_estimated = {};
    m_estimateTrouble.clear();
    m_estimatedOf = *m_editor->values();
    m_estimate->start(m_program, m_estimatedOf, m_folder, m_project);
    if (m_estimate->isRunning())
        m_estimateLine->setText(tr("Estimating: reading the data"));
    showEstimate();
}

/** Figures of what the form said before are told as such. */
void NewJobDialog::showEstimate()
{
    const bool isRunning = m_estimate->isRunning(), isSame = m_editor->values() && *m_editor->values() == m_estimatedOf;
    m_estimateButton->setVisible(!m_program.isEmpty());
    m_estimateButton->setText(isRunning ? tr("Stop estimating") : m_estimated.is_null() ? tr("&Estimate") : tr("&Estimate again"));
    m_estimateButton->setEnabled(isRunning || (m_isJudged && m_editor->errors() == 0));
    if (isRunning) {
        m_estimateLine->show();
        return;
    }
    const QString text = !m_estimated.is_null() ? estimateText(m_estimated) : m_estimateTrouble;
    m_estimateLine->setText(text.isEmpty() || isSame ? text : tr("Out of date, the form has changed since: %1").arg(text));
    m_estimateLine->setToolTip(m_estimated.is_null() ? QString() : estimateDetails(m_estimated));
    m_estimateLine->setProperty("role", isSame && !m_estimated.is_null() ? QVariant() : QVariant(QStringLiteral("dim")));
    style()->unpolish(m_estimateLine);
    style()->polish(m_estimateLine);
    m_estimateLine->setVisible(!text.isEmpty());
}

void NewJobDialog::submit()
{
    if (!m_isJudged || !m_editor->values() || m_editor->errors() > 0)
        return;
    Q_EMIT submitted(*m_editor->values(), m_folder);
    accept();
}

} // namespace kino
