// What the Windows panel gives away: its rule as a specification, its windows as a table.
#include "app/kinoscope/windows/windows_panel.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/session.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/windows/window_spec.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLocale>
#include <QProgressBar>

#include <set>

namespace kino {

QString WindowsPanel::specification() const
{
    if (const QStringList problems = m_form->problems(); !problems.isEmpty())
        throw Error(problems.front().toStdString());
    std::vector<qint64> ids;
    if (m_scope == CountScope::all) {
        for (const LibraryItem &item : m_library.model().allItems())
            ids.push_back(item.id);
    } else if (m_session.recording()) {
        ids.push_back(m_session.open().id);
    }
    if (ids.empty())
        throw Error("open a recording first: a specification names the files that it is about");
    WindowSpec spec;
    spec.rule = m_form->rule();
    std::set<std::string> profiles;
    for (const qint64 id : ids) {
        spec.recordings.push_back(m_library.pathOf(id).string());
        profiles.insert(m_library.profileOf(id));
    }
    std::ranges::sort(spec.recordings);
    spec.recordings.erase(std::unique(spec.recordings.begin(), spec.recordings.end()), spec.recordings.end());
    if (profiles.size() > 1)
        throw Error("these recordings were read by different profiles, and a specification can name only one; choose recordings of one kind");
    spec.profile = *profiles.begin();
    QString json = QString::fromStdString(windowSpecJson(spec).dump(2)) + QLatin1Char('\n');
    if (m_library.project().empty())
        return json;
    // It names files, and what a person has edited is in none of them.
    return QStringLiteral("// Labels and clocks count as they are in these files: what was edited in the project is not in them.\n"
                          "// In a job of the project, \"recordings\": {\"project\": \"all\"} in place of the list takes them as edited.\n")
        + json;
}

void WindowsPanel::copySpecification()
{
    try {
        QGuiApplication::clipboard()->setText(specification());
        Q_EMIT told(m_library.project().empty() ? tr("The specification is copied: `kino windows` counts the same.")
                                                : tr("The specification is copied. It names files: labels and clocks that were edited in the project are not in them, as its first lines say."));
    } catch (const Error &error) {
        Q_EMIT failed(QString::fromStdString(error.sentence()), QString::fromUtf8(error.what()));
    }
}

void WindowsPanel::askAndSaveTable()
{
    if (recordingsOf(m_scope).empty()) {
        Q_EMIT failed(tr("Open a recording first: its windows are what is saved."), {});
        return;
    }
    const std::string stem = m_scope == CountScope::all ? m_library.project().stem().string() : m_session.recording()->name;
    const QString proposed = QString::fromStdString(stem.empty() ? "windows.csv" : plainFileName(stem) + "_windows.csv");
    QString file = QFileDialog::getSaveFileName(this, tr("Save windows"), QDir::home().filePath(proposed), tr("CSV (*.csv)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        file += QStringLiteral(".csv");
    saveTable(file.toStdString());
}

void WindowsPanel::saveTable(const std::filesystem::path &file)
{
    if (const QStringList problems = m_form->problems(); !problems.isEmpty()) {
        Q_EMIT failed(problems.front(), problems.join(QLatin1Char('\n')));
        return;
    }
    m_progress->setValue(0);
    m_saving.ask<WrittenWindows>(
        [file, project = m_library.project(), recordings = recordingsOf(m_scope), rule = m_form->rule()](const TaskContext &context, const std::function<void(WrittenWindows)> &) {
            return writeProjectWindows(file, project, recordings, rule, context.cancel, context.progress);
        },
        [this, file](const WrittenWindows &written) {
            const auto number = [](std::size_t count) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(count)); };
            QString sentence = written.recordings == 1 ? tr("%1 windows were saved to %2.").arg(number(written.windows), QString::fromStdString(file.filename().string()))
                                                       : tr("%1 windows of %2 recordings were saved to %3.").arg(number(written.windows), number(written.recordings), QString::fromStdString(file.filename().string()));
            if (written.without > 0)
                sentence += QLatin1Char(' ') + (written.without == 1 ? tr("1 recording gives none.") : tr("%1 recordings give none.").arg(written.without));
            Q_EMIT told(sentence);
        });
}

} // namespace kino
