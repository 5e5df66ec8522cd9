// Asks what a profile is called and which files it is for, and keeps it among the user's own. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/profile/draft.h"

#include <QDialog>
#include <QTimer>

#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;

namespace kino {

class ProfileSaveDialog : public QDialog {
    Q_OBJECT

public:
    ProfileSaveDialog(TaskRunner &runner, std::filesystem::path file, ProfileDraft draft, QWidget *parent = nullptr);

    QLineEdit &name() { return *m_name; }
    QLineEdit &match() { return *m_match; }
    QPushButton &saveButton() { return *m_save; }
    QString note() const;

Q_SIGNALS:
    void saved(const kino::ProfileDraft &draft);

private:
    void check();
    void save();
    ProfileDraft draft() const;

    TaskLine m_checking;
    TaskLine m_saving;
    QTimer m_delay;
    std::filesystem::path m_file;
    ProfileDraft m_draft;
    QLineEdit *m_name;
    QLineEdit *m_title;
    QLineEdit *m_match;
    QLineEdit *m_subject;
    QLabel *m_note;
    QPushButton *m_save;
};

} // namespace kino

Q_DECLARE_METATYPE(kino::ProfileDraft)
