// Wires the commands of the library to the list and what it shows: context menu, tags, the import dialog, reports and
// messages. GUI thread.
#pragma once

#include "app/kinoscope/library/import_summary.h"

#include <QObject>
#include <QPointer>

#include <filesystem>
#include <vector>

class QWidget;

namespace kino {

class Commands;
class ImportDialog;
class ImportReportDialog;
class Library;
class LibraryView;
class MessageLine;
class TaskRunner;

class LibraryMenu : public QObject {
    Q_OBJECT

public:
    LibraryMenu(Library &library, LibraryView &view, Commands &commands, MessageLine &messages, TaskRunner &runner, QWidget *window);

    /** Opens the dialog on these files, or adds them to those that it shows. */
    ImportDialog *openImportDialog(const std::vector<std::filesystem::path> &files);
    /** nullptr where it is not open. */
    ImportDialog *importDialog() const { return m_importDialog; }
    ImportReportDialog *openReport();
    void openTagEditor(const QPoint &global);
    void openSubjectEditor(const QPoint &global);
    void openNameEditor(const QPoint &global);
    bool isSettled() const;

Q_SIGNALS:
    void settledChanged();

private:
    void wire();
    void updateEnabled();
    void showImported(const ImportSummary &summary);
    /** The selected recordings, else the one that is shown. */
    std::vector<qint64> targets() const;
    void showMenu(const QPoint &global);
    void findMoved();
    /** Where a popup about the selected recordings stands. */
    QPoint besideList() const;

    Library &m_library;
    LibraryView &m_view;
    Commands &m_commands;
    MessageLine &m_messages;
    TaskRunner &m_runner;
    QWidget *m_window;
    QPointer<ImportDialog> m_importDialog;
    QPointer<ImportReportDialog> m_report;
};

} // namespace kino
