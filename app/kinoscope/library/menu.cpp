#include "app/kinoscope/library/menu.h"

#include "app/kinoscope/commands.h"
#include "app/kinoscope/import/dialog.h"
#include "app/kinoscope/import/report_dialog.h"
#include "app/kinoscope/library/library.h"
#include "app/kinoscope/texts.h"
#include "widgets/library/view.h"
#include "widgets/window/message_line.h"
#include "widgets/library/field_editor.h"
#include "widgets/library/tag_editor.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>
#include <QTreeView>
#include <QUrl>

namespace kino {
namespace {

const QString kGroupingKey = QStringLiteral("library/grouping");

} // namespace

LibraryMenu::LibraryMenu(Library &library, LibraryView &view, Commands &commands, MessageLine &messages, TaskRunner &runner, QWidget *window)
    : QObject(window), m_library(library), m_view(view), m_commands(commands), m_messages(messages), m_runner(runner), m_window(window)
{
    const int kept = QSettings().value(kGroupingKey, 0).toInt();
    m_library.model().setGrouping(static_cast<LibraryGrouping>(std::clamp(kept, 0, static_cast<int>(LibraryGrouping::none))));
    wire();
    updateEnabled();
}

void LibraryMenu::wire()
{
    connect(&m_view, &LibraryView::menuRequested, this, [this](const QPoint &global) { showMenu(global); });
    connect(&m_view, &LibraryView::removeRequested, this, [this](const std::vector<qint64> &ids) { m_library.remove(ids); });
    connect(&m_view, &LibraryView::groupingChanged, this, [](LibraryGrouping grouping) { QSettings().setValue(kGroupingKey, static_cast<int>(grouping)); });
    connect(m_view.tree().selectionModel(), &QItemSelectionModel::selectionChanged, this, &LibraryMenu::updateEnabled);
    connect(&m_library, &Library::changed, this, &LibraryMenu::updateEnabled);
    connect(&m_library, &Library::imported, this, &LibraryMenu::showImported);
    connect(&m_library, &Library::waitingChanged, this, [this] {
        if (m_report)
            m_report->setSummary(m_library.lastImport());
        updateEnabled();
    });
    connect(&m_library, &Library::uncertain, this, [this](const std::vector<std::filesystem::path> &files) { openImportDialog(files); });
    connect(&m_library, &Library::told, this, [this](const QString &sentence) { m_messages.showMessage(Mark::none, sentence); });
    connect(&m_library, &Library::removed, this, [this](const QString &sentence) { m_messages.showMessage(Mark::none, sentence, sentence, m_commands.undo); });

    connect(m_commands.importWith, &QAction::triggered, this, [this] {
        const QStringList chosen = QFileDialog::getOpenFileNames(m_window, tr("Import tables with settings of your own"), {}, tr("Tables (*.csv *.txt *.tsv *.dat *.log *.asc *.data);;All files (*)"));
        std::vector<std::filesystem::path> files;
        for (const QString &file : chosen)
            files.emplace_back(file.toStdString());
        if (!files.empty())
            openImportDialog(files);
    });
    connect(m_commands.importReport, &QAction::triggered, this, [this] { openReport(); });
    connect(m_commands.editTags, &QAction::triggered, this, [this] { openTagEditor(besideList()); });
    connect(m_commands.editSubject, &QAction::triggered, this, [this] { openSubjectEditor(besideList()); });
    connect(m_commands.renameRecording, &QAction::triggered, this, [this] { openNameEditor(besideList()); });
    connect(m_commands.showInFolder, &QAction::triggered, this, [this] {
        for (const qint64 id : targets()) {
            QDesktopServices::openUrl(QUrl::fromLocalFile(pathText(m_library.pathOf(id).parent_path())));
            return; // one folder, not one window a recording
        }
    });
    connect(m_commands.copyPath, &QAction::triggered, this, [this] {
        QStringList paths;
        for (const qint64 id : targets())
            paths += pathText(m_library.pathOf(id));
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
    });
    connect(m_commands.importAgain, &QAction::triggered, this, [this] { m_library.importAgain(targets()); });
    connect(m_commands.findMoved, &QAction::triggered, this, &LibraryMenu::findMoved);
    connect(m_commands.removeRecording, &QAction::triggered, this, [this] { m_library.remove(targets()); });
}

QPoint LibraryMenu::besideList() const { return m_view.tree().mapToGlobal(QPoint(24, 40)); }

/** For one missing recording its file is asked for; else a folder to look in. */
void LibraryMenu::findMoved()
{
    const std::vector<qint64> ids = targets();
    const LibraryItem *item = ids.size() == 1 ? m_library.model().item(ids.front()) : nullptr;
    if (item && item->isMissing) {
        const QString before = pathText(m_library.pathOf(ids.front()));
        const QString file = QFileDialog::getOpenFileName(m_window, tr("Where is %1 now? It is known by its content, whatever its name").arg(QFileInfo(before).fileName()), QFileInfo(before).path());
        if (!file.isEmpty())
            m_library.relocateRecording(ids.front(), file.toStdString());
        return;
    }
    const QString folder = QFileDialog::getExistingDirectory(m_window, tr("Folder in which the moved files are"));
    if (!folder.isEmpty())
        m_library.relocate(folder.toStdString());
}

std::vector<qint64> LibraryMenu::targets() const { return m_view.selectedIds(); }

void LibraryMenu::updateEnabled()
{
    const bool hasAny = !targets().empty();
    for (QAction *action : {m_commands.editTags, m_commands.editSubject, m_commands.showInFolder, m_commands.copyPath, m_commands.importAgain, m_commands.removeRecording})
        action->setEnabled(hasAny);
    m_commands.renameRecording->setEnabled(targets().size() == 1);
    m_commands.findMoved->setEnabled(!m_library.project().empty());
    m_commands.importReport->setEnabled(!m_library.lastImport().isEmpty());
}

void LibraryMenu::showMenu(const QPoint &global)
{
    auto *menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_commands.editTags, m_commands.editSubject, m_commands.renameRecording, m_commands.showInFolder, m_commands.copyPath});
    menu->addSeparator();
    menu->addActions({m_commands.importAgain, m_commands.findMoved});
    menu->addSeparator();
    menu->addAction(m_commands.removeRecording);
    menu->popup(global);
}

void LibraryMenu::openTagEditor(const QPoint &global)
{
    const std::vector<qint64> ids = targets();
    if (ids.empty())
        return;
    QStringList known;
    for (const LibraryFacet &facet : m_library.model().tags())
        known += facet.name;
    // What all of them have is on.
    QStringList present = m_library.model().item(ids.front())->tags;
    for (const qint64 id : ids)
        present.removeIf([&](const QString &tag) { return !m_library.model().item(id)->tags.contains(tag); });
    const QString title = ids.size() == 1 ? tr("Tags of %1").arg(m_library.model().item(ids.front())->name) : tr("Tags of %1 recordings").arg(ids.size());
    auto *editor = new TagEditor(title, known, present, m_window);
    const auto change = [this, ids](const QString &tag, bool isOn) {
        std::map<qint64, QStringList> changed;
        for (const qint64 id : ids) {
            const LibraryItem *item = m_library.model().item(id);
            if (!item)
                continue;
            QStringList tags = item->tags;
            tags.removeAll(tag);
            if (isOn)
                tags += tag;
            changed[id] = tags;
        }
        m_library.setTags(changed);
    };
    connect(editor, &TagEditor::tagAdded, this, [change](const QString &tag) { change(tag, true); });
    connect(editor, &TagEditor::tagRemoved, this, [change](const QString &tag) { change(tag, false); });
    editor->move(global);
    editor->show();
}

void LibraryMenu::openSubjectEditor(const QPoint &global)
{
    const std::vector<qint64> ids = targets();
    if (ids.empty())
        return;
    const LibraryItem &first = *m_library.model().item(ids.front());
    const bool isShared = std::ranges::all_of(ids, [&](qint64 id) { return m_library.model().item(id)->subject == first.subject; });
    auto *editor = new FieldEditor(ids.size() == 1 ? tr("Subject of %1").arg(first.name) : tr("Subject of %1 recordings").arg(ids.size()),
                                   isShared ? first.subject : QString(), isShared ? tr("Unknown") : tr("Several; a new one is for all"), m_library.subjects(), [this, ids](const QString &subject) {
                                       m_library.setSubject(ids, subject);
                                       return QString();
                                   }, m_window);
    editor->move(global);
    editor->show();
}

void LibraryMenu::openNameEditor(const QPoint &global)
{
    const std::vector<qint64> ids = targets();
    if (ids.size() != 1)
        return;
    auto *editor = new FieldEditor(tr("Name of the recording"), m_library.nameOf(ids.front()), {}, {}, [this, id = ids.front()](const QString &name) { return m_library.rename(id, name); }, m_window);
    editor->move(global);
    editor->show();
}

void LibraryMenu::showImported(const ImportSummary &summary)
{
    const Mark mark = summary.failed > 0 ? Mark::bad : summary.count(Severity::warning) > 0 || summary.isStopped ? Mark::warning : Mark::good;
    m_messages.showMessage(mark, summary.sentence(), tr("%1\nClick for the report.").arg(summary.sentence()), m_commands.importReport);
    if (m_report)
        m_report->setSummary(summary);
    updateEnabled();
}

ImportDialog *LibraryMenu::openImportDialog(const std::vector<std::filesystem::path> &files)
{
    if (!m_importDialog) {
        m_importDialog = new ImportDialog(m_runner, m_window);
        m_importDialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_importDialog, &ImportDialog::settled, this, &LibraryMenu::settledChanged);
        connect(m_importDialog, &ImportDialog::importRequested, this, [this](const ImportChoice &choice) { m_library.importChosen(choice); });
        connect(m_importDialog, &ImportDialog::putAside, this, [this](const std::vector<std::filesystem::path> &aside) {
            m_library.putAside(aside, "its corrections are kept in the import dialog");
            const QString what = aside.size() == 1 ? tr("\u201c%1\u201d is not imported; your corrections are kept").arg(pathText(aside.front().filename())) : tr("%1 files are not imported; your corrections are kept").arg(aside.size());
            m_messages.showMessage(Mark::none, what, what + QLatin1Char('\n') + tr("Click for the report, which leads back to them."), m_commands.importReport);
        });
    }
    m_importDialog->addFiles(files);
    m_importDialog->show();
    m_importDialog->raise();
    m_importDialog->activateWindow();
    return m_importDialog;
}

bool LibraryMenu::isSettled() const { return !m_importDialog || m_importDialog->isSettled(); }

ImportReportDialog *LibraryMenu::openReport()
{
    if (!m_report) {
        m_report = new ImportReportDialog(m_window);
        m_report->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_report, &ImportReportDialog::lookRequested, this, [this](const std::vector<std::filesystem::path> &files) { openImportDialog(files); });
        connect(m_report, &ImportReportDialog::dropRequested, this, [this] {
            if (m_importDialog && !m_importDialog->isVisible())
                m_importDialog->deleteLater();
            m_library.dropWaiting();
        });
    }
    m_report->setSummary(m_library.lastImport());
    m_report->show();
    m_report->raise();
    return m_report;
}

} // namespace kino
