// A specification is chosen, changed and put into the queue: presets and files to begin with, the form, what is wrong with it, and in
// a few lines what it would do and, when asked, what it would cost. GUI thread; validation runs beside it, the estimate in a process.
#pragma once

#include "app/kinoscope/experiments/job_estimate.h"
#include "app/kinoscope/task_runner.h"
#include "widgets/form/form_field.h"

#include <QDialog>

#include <filesystem>

class QLabel;
class QPushButton;

namespace kino {

class ChoiceBox;
class JsonEditor;

class NewJobDialog : public QDialog {
    Q_OBJECT

public:
    /** `project`: that the job will lie in; `subjects`: whose recordings it has. */
    NewJobDialog(std::filesystem::path project, QStringList subjects, TaskRunner &runner, QWidget *parent = nullptr);

    void choosePreset(const QString &file);
    /** Relative paths in it count from `folder`. */
    void openText(const QString &text, const std::filesystem::path &folder);

    /** `kino`, which estimates; without one nothing is estimated. */
    void setProgram(const QString &path);

    JsonEditor &editor() { return *m_editor; }
    ChoiceBox &presets() { return *m_presets; }
    QPushButton &submitButton() { return *m_submit; }
    /** Starts it, and stops it while it runs. */
    QPushButton &estimateButton() { return *m_estimateButton; }
    QLabel &estimateLine() { return *m_estimateLine; }
    /** What is shown has been judged. */
    bool isSettled() const { return m_isJudged; }
    /** What it began with has been edited: Escape, Cancel and the window's cross ask before it is dropped. */
    bool isEdited() const;

Q_SIGNALS:
    /** Sound; relative paths count from `folder`. */
    void submitted(const nlohmann::json &specification, const std::filesystem::path &folder);
    void settledChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    struct Judgement {
        FormVerdict verdict;
        QString summary;
    };

    void judge();
    void take(const Judgement &judgement);
    void openFile();
    void startWith(const QString &text);
    /** `drop` at once, or when the person agrees. */
    void dropEdits(const std::function<void()> &drop);
    void toggleEstimate();
    void showEstimate();
    void submit();

    std::filesystem::path m_project;
    std::filesystem::path m_folder;
    QStringList m_subjects;
    ChoiceBox *m_presets;
    QLabel *m_about;
    JsonEditor *m_editor;
    QLabel *m_summary;
    QPushButton *m_submit;
    QPushButton *m_estimateButton;
    QLabel *m_estimateLine;
    JobEstimate *m_estimate;
    QString m_program;
    /** What was found out and of which specification; null while nothing was. */
    nlohmann::json m_estimated, m_estimatedOf;
    QString m_estimateTrouble;
    TaskLine *m_line;
    std::string m_kind;
    QString m_begunWith;
    QString m_preset;
    bool m_isJudged = false;
};

} // namespace kino
