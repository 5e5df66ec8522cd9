// Sees to it that no change gets lost unseen: what is not written when the window closes, or when it is asked for, is shown
// with what can be done about it. GUI thread.
#pragma once

#include "app/kinoscope/unsaved_dialog.h"

#include <QObject>
#include <QPointer>

#include <filesystem>

namespace kino {

class Library;
class Session;

class UnsavedChanges : public QObject {
    Q_OBJECT

public:
    UnsavedChanges(Session &session, ProjectWriter &writer, Library &library, QWidget &window);

    /** Whether all is written. If not, what is left is shown; closeWanted() follows when none of it is left, or wanted. */
    bool mayClose();
    void show() { open(UnsavedDialog::Purpose::looking); }
    /** Writes the project with its unsaved changes into a new folder and goes on there. */
    void saveCopyTo(const std::filesystem::path &folder);

Q_SIGNALS:
    void closeWanted();
    void told(const QString &sentence, bool isWarning);

private:
    void open(UnsavedDialog::Purpose purpose);
    void askForCopy();
    void discard();
    void followCopy(const QString &folder, const QStringList &refused);
    bool isClosing() const { return m_dialog && m_dialog->purpose() == UnsavedDialog::Purpose::closing; }
    /** Shows what is on disk. */
    void reopen(const std::filesystem::path &project);

    Session &m_session;
    ProjectWriter &m_writer;
    Library &m_library;
    QWidget &m_window;
    QPointer<UnsavedDialog> m_dialog;
};

} // namespace kino
