#include "app/kinoscope/unsaved_changes.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/session.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

namespace kino {
namespace {

/** What was changed the moment before is written in less, and nobody sees a dialog. */
constexpr int kMostWaitMs = 100;

} // namespace

UnsavedChanges::UnsavedChanges(Session &session, ProjectWriter &writer, Library &library, QWidget &window)
    : QObject(&window), m_session(session), m_writer(writer), m_library(library), m_window(window)
{
    connect(&writer, &ProjectWriter::copied, this, &UnsavedChanges::followCopy);
    connect(&writer, &ProjectWriter::busyChanged, this, [this](bool busy) {
        if (busy || !m_dialog)
            return;
        const bool closes = isClosing();
        m_dialog->accept();
        if (closes)
            Q_EMIT closeWanted();
    });
}

bool UnsavedChanges::mayClose()
{
    if (m_writer.finishWithin(kMostWaitMs))
        return true;
    if (m_writer.unsaved().isEmpty()) {
        m_writer.abandon(); // something was to be read that nobody will look at
        return true;
    }
    open(UnsavedDialog::Purpose::closing);
    return false;
}

void UnsavedChanges::open(UnsavedDialog::Purpose purpose)
{
    if (m_dialog && m_dialog->purpose() == purpose) {
        m_dialog->raise();
        return;
    }
    if (m_dialog)
        m_dialog->reject();
    m_dialog = new UnsavedDialog(m_writer, purpose, &m_window);
    connect(m_dialog, &UnsavedDialog::discardWanted, this, &UnsavedChanges::discard);
    connect(m_dialog, &UnsavedDialog::copyWanted, this, &UnsavedChanges::askForCopy);
    m_dialog->open();
}

void UnsavedChanges::discard()
{
    if (!isClosing()) {
        // An attempt that is under way may still succeed: what the project holds is known when it is over.
        connect(&m_writer, &ProjectWriter::abandoned, this, [this, project = m_library.project()] { reopen(project); }, Qt::SingleShotConnection);
    }
    m_writer.abandon(); // takes the dialog away, and closes the window where that was wanted
}

void UnsavedChanges::askForCopy()
{
    const QFileInfo project(QString::fromStdString(m_library.project().string()));
    const QString proposed = project.dir().filePath(tr("%1 copy.kino").arg(project.completeBaseName()));
    QString folder = QFileDialog::getSaveFileName(m_dialog, tr("Save a copy of the project"), proposed, tr("Kinoscope project (*.kino)"));
    if (folder.isEmpty())
        return;
    if (!folder.endsWith(QLatin1String(".kino")))
        folder += QStringLiteral(".kino");
    saveCopyTo(folder.toStdString());
}

void UnsavedChanges::saveCopyTo(const std::filesystem::path &folder) { m_writer.saveCopy(folder); }

void UnsavedChanges::followCopy(const QString &folder, const QStringList &refused)
{
    const bool closes = isClosing() && refused.isEmpty();
    if (m_dialog)
        m_dialog->accept();
    const QString name = QFileInfo(folder).fileName();
    if (refused.isEmpty())
        Q_EMIT told(tr("Saved as %1; this is what is open now.").arg(name), false);
    else
        Q_EMIT told(tr("Saved as %1, which is open now, but for what it refuses too: %2.").arg(name, refused.join(QStringLiteral(", "))), true);
    // The next start begins with the copy.
    if (closes)
        connect(&m_library, &Library::openedPath, this, &UnsavedChanges::closeWanted, Qt::SingleShotConnection);
    reopen(folder.toStdString());
}

void UnsavedChanges::reopen(const std::filesystem::path &project)
{
    const Recording *shown = m_session.recording();
    const QString name = shown ? QString::fromStdString(shown->name) : QString();
    m_library.closeAll();
    m_library.openProjectAt(project, name);
}

} // namespace kino
