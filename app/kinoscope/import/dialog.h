// "Import with…": shows an unknown file as text and as it would be read, lets a person correct the guess column by column,
// and hands over what to import and how. Everything about the file is found out off the GUI thread. Non-modal.
#pragma once

#include "app/kinoscope/import/check.h"

#include <QDialog>
#include <QTimer>

#include <filesystem>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;
class QToolButton;

namespace kino {

class ImportForm;
class MarkWidget;
class ReportView;
class TablePreviewView;

/** What the dialog was told: these files, by this profile. */
struct ImportChoice {
    std::vector<std::filesystem::path> files;
    /** A saved or shipped profile; empty where `profile` was only made in the dialog. */
    std::string profileName;
    nlohmann::json profile;
};

class ImportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ImportDialog(TaskRunner &runner, QWidget *parent = nullptr);
    ~ImportDialog() override;

    /** Adds files to those that wait and shows the first. */
    void addFiles(const std::vector<std::filesystem::path> &files);
    const std::vector<std::filesystem::path> &files() const { return m_files; }
    /** Nothing is being found out about the file at the moment. */
    bool isSettled() const;

    ImportForm &form() { return *m_form; }
    TablePreviewView &preview() { return *m_preview; }
    ReportView &report() { return *m_report; }
    QPushButton &importButton() { return *m_import; }
    QPushButton &saveButton() { return *m_save; }
    QComboBox &readAs() { return *m_readAs; }
    QCheckBox &forAll() { return *m_forAll; }
    QString sentence() const;
    /** What was assumed and neither changed nor confirmed since. */
    ImportReport standingAssumptions() const;
    /** Forgets nothing that a person has corrected. */
    void reject() override;
    /** What the lower left part lists: one line a stream. */
    QStringList streamLines() const;

Q_SIGNALS:
    void importRequested(const kino::ImportChoice &choice);
    /** Closed with corrections that were not imported: it is hidden and keeps them. */
    void putAside(const std::vector<std::filesystem::path> &files);
    /** The preview and the result are up to date. */
    void settled();

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeMiddle();
    QWidget *makeResult();
    QWidget *makeFoot();
    void showFile(std::size_t index);
    void look();
    void showLook(const ImportLook &look);
    void recheck();
    void showCheck(const ImportCheck &check);
    void showMeanings();
    void showSentence(Mark mark, const QString &sentence, const QString &details = {});
    void showMistakes();
    void fillProfiles(const QString &choose);
    void saveProfile();
    void acceptImport();
    void updateButtons();
    void settle();
    nlohmann::json profile() const;
    void showProblem(const QString &problem);
    bool isGuess() const;
    void compareFiles();

    TaskRunner &m_runner;
    TaskLine m_looking;
    TaskLine m_checking;
    TaskLine m_profiles;
    TaskLine m_saving;
    TaskLine m_comparing;
    QTimer m_delay;
    std::vector<std::filesystem::path> m_files;
    /** Those that can be read like the current one, itself among them. */
    std::vector<std::filesystem::path> m_alike;
    std::size_t m_current = 0;
    ImportLook m_look;
    std::optional<ImportCheck> m_check;
    /** The draft differs from the profile that was chosen above. */
    bool m_isEdited = false;
    bool m_keepsEdits = false; // another file of the same kind is looked at with the same settings
    std::string m_savedName;
    std::vector<GuessConcern> m_confirmed;

    QLabel *m_title;
    QLabel *m_facts;
    QToolButton *m_previous;
    QToolButton *m_next;
    QComboBox *m_readAs;
    MarkWidget *m_sentenceMark;
    QLabel *m_sentence;
    QToolButton *m_why;
    ImportForm *m_form;
    QWidget *m_formHolder;
    QStackedWidget *m_left;
    QStackedWidget *m_right;
    QLabel *m_nothing;
    QToolButton *m_asInFile;
    QToolButton *m_asRead;
    QLabel *m_previewNote;
    TablePreviewView *m_preview;
    QLabel *m_summary;
    QTableWidget *m_streams;
    ReportView *m_report;
    QProgressBar *m_progress;
    QCheckBox *m_forAll;
    QPushButton *m_save;
    QPushButton *m_cancel;
    QPushButton *m_import;
};

} // namespace kino

Q_DECLARE_METATYPE(kino::ImportChoice)
