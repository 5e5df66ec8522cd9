#include "app/kinoscope/import/profile_save_dialog.h"

#include "core/base/error.h"
#include "core/data/profile/library.h"
#include "core/data/profile/name_pattern.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kDelayMs = 150;
/** A folder of more files is not counted through while somebody types. */
constexpr std::size_t kMostCounted = 20'000;

struct SaveCheck {
    QString sentence;
    bool isSound = false;
};

/** On a worker: what is wrong, or which files beside this one it is for. */
SaveCheck checkSave(const ProfileDraft &draft, const std::filesystem::path &file, const CancelToken &cancel)
{
    const auto say = [](const char *text) { return ProfileSaveDialog::tr(text); };
    SaveCheck check;
    const std::vector<std::string> mistakes = draftMistakes(draft);
    if (!mistakes.empty()) {
        check.sentence = QString::fromStdString(mistakes.front());
        return check;
    }
    const NamePattern pattern(draft.match);
    if (!pattern.match(file)) {
        check.sentence = say("The pattern does not fit this file itself, %1.").arg(QString::fromStdString(file.filename().string()));
        return check;
    }
    check.isSound = true;
    std::size_t seen = 0;
    std::size_t fitting = 0;
    std::error_code problem;
    for (std::filesystem::directory_iterator at(file.parent_path(), problem), end; !problem && at != end && seen < kMostCounted; at.increment(problem)) {
        cancel.throwIfCancelled();
        std::error_code ignored;
        if (!at->is_regular_file(ignored))
            continue;
        ++seen;
        fitting += pattern.match(at->path()).has_value();
    }
    check.sentence = say("Fits %1 of %2 files in this folder. A file must also have these columns.").arg(fitting).arg(seen);
    for (const auto &profile : loadProfiles().profiles) {
        if (profile->name == draft.name)
            check.sentence = (profile->builtIn ? say("Takes the place of the shipped profile of this name. ") : say("Replaces your profile of this name. ")) + check.sentence;
    }
    return check;
}

} // namespace

ProfileSaveDialog::ProfileSaveDialog(TaskRunner &runner, std::filesystem::path file, ProfileDraft draft, QWidget *parent)
    : QDialog(parent), m_checking(runner, this), m_saving(runner, this), m_file(std::move(file)), m_draft(std::move(draft)), m_name(new QLineEdit(this)),
      m_title(new QLineEdit(this)), m_match(new QLineEdit(this)), m_subject(new QLineEdit(this)), m_note(new QLabel(this)), m_save(new QPushButton(tr("&Save"), this))
{
    setWindowTitle(tr("Save as profile"));
    setObjectName(QStringLiteral("profileSaveDialog"));
    setMinimumWidth(520);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto *about = new QLabel(tr("A profile is one JSON file in your profile folder. Files that it fits are opened by it, here and by kino."), this);
    about->setWordWrap(true);
    about->setProperty("role", QStringLiteral("dim"));
    column->addWidget(about);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Title"), m_title);
    form->addRow(tr("For &files named"), m_match);
    form->addRow(tr("S&ubject"), m_subject);
    m_name->setToolTip(tr("Small letters, digits and -; kino inspect --profile NAME"));
    m_match->setToolTip(tr("* stands for anything, {subject} for a text that is kept, {trial:#} for digits; folders are parted by /"));
    m_subject->setPlaceholderText(tr("such as {subject}, where the pattern catches it"));
    const bool isNew = m_draft.name.empty() || m_draft.name == "guess";
    m_name->setText(QString::fromStdString(isNew ? suggestedProfileName(m_file) : m_draft.name));
    m_title->setText(isNew ? tr("Files like %1").arg(QString::fromStdString(m_file.filename().string())) : QString::fromStdString(m_draft.title));
    m_match->setText(QString::fromStdString(isNew ? suggestedMatch(m_file, m_draft) : m_draft.match));
    m_subject->setText(QString::fromStdString(m_draft.subject));
    column->addLayout(form);
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_note->setAlignment(Qt::AlignTop);
    column->addWidget(m_note);
    auto *buttons = new QHBoxLayout;
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_save->setProperty("look", QStringLiteral("primary"));
    m_save->setDefault(true);
    m_save->setEnabled(false);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &ProfileSaveDialog::save);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ProfileSaveDialog::check);
    for (QLineEdit *edit : {m_name, m_title, m_match, m_subject}) {
        connect(edit, &QLineEdit::textChanged, this, [this] {
            m_save->setEnabled(false);
            m_delay.start();
        });
    }
    m_saving.onFailure([this](const QString &sentence, const QString &) { m_note->setText(sentence); });
    m_name->selectAll();
    check();
}

QString ProfileSaveDialog::note() const { return m_note->text(); }

ProfileDraft ProfileSaveDialog::draft() const
{
    ProfileDraft draft = m_draft;
    draft.name = m_name->text().trimmed().toStdString();
    draft.title = m_title->text().trimmed().toStdString();
    draft.match = m_match->text().trimmed().toStdString();
    draft.subject = m_subject->text().trimmed().toStdString();
    return draft;
}

void ProfileSaveDialog::check()
{
    if (draft().name == "guess") {
        m_note->setText(tr("A profile of yours needs a name of its own."));
        return;
    }
    m_checking.ask<SaveCheck>([draft = draft(), file = m_file](const TaskContext &context, const std::function<void(SaveCheck)> &) { return checkSave(draft, file, context.cancel); },
                              [this](const SaveCheck &check) {
                                  m_note->setText(check.sentence);
                                  m_save->setEnabled(check.isSound);
                              });
}

void ProfileSaveDialog::save()
{
    m_saving.ask<bool>(
        [draft = draft()](const TaskContext &, const std::function<void(bool)> &) {
            saveUserProfile(profileOf(draft));
            return true;
        },
        [this](bool) {
            Q_EMIT saved(draft());
            accept();
        });
}

} // namespace kino
