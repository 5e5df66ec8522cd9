// What was opened without a project is put into one, where labels and clocks can be kept.
#include "app/kinoscope/library/parts.h"

namespace kino {

namespace fs = std::filesystem;

void Library::newProject(const fs::path &folder) { keepLoose(folder, true); }

void Library::addLooseToProject()
{
    if (!m_project.empty())
        keepLoose(m_project, false);
}

void Library::keepLoose(const fs::path &folder, bool isNew)
{
    struct Loose {
        qint64 id;
        std::shared_ptr<const Recording> recording;
        std::vector<std::string> tags;
        ImportHow how;
    };
    std::vector<Loose> loose;
    for (const auto &[id, entry] : m_entries) {
        if (entry.storedId >= 0 || !entry.open.recording)
            continue;
        std::vector<std::string> tags;
        for (const QString &tag : entry.item.tags)
            tags.push_back(tag.toStdString());
        loose.push_back({id, entry.open.recording, std::move(tags), entry.how});
    }
    makeLine()->ask<KeptLoose>(
        [folder, isNew, loose](const TaskContext &context, const std::function<void(KeptLoose)> &publish) {
            Project project = isNew ? Project::create(folder) : Project::open(folder);
            publish({});
            for (std::size_t index = 0; index < loose.size(); ++index) {
                context.cancel.throwIfCancelled();
                context.progress(static_cast<double>(index) / static_cast<double>(loose.size()), "Putting recordings into the project");
                const Loose &one = loose[index];
                const std::string profile = one.how.ownProfile.is_null() ? one.how.profile : keptProfile(folder, one.how.ownProfile);
                const RecordingId stored = project.add(*one.recording, {profile, {}}, context.cancel).id;
                for (const std::string &tag : one.tags)
                    project.addTag(stored, tag);
                publish({one.id, stored, project.recording(stored).recording.name, false});
            }
            return KeptLoose{0, -1, {}, true};
        },
        [this, folder](const KeptLoose &kept) { takeLoose(folder, kept); });
}

void Library::takeLoose(const fs::path &folder, const KeptLoose &kept)
{
    if (m_project != folder) {
        leaveProject();
        m_project = folder;
        Q_EMIT openedPath(QString::fromStdString(fs::absolute(folder).string()));
    }
    if (const auto found = m_entries.find(kept.id); found != m_entries.end()) {
        Entry &entry = found->second;
        entry.storedId = kept.storedId;
        // Two of one name are told apart by the project.
        if (entry.open.recording->name != kept.name) {
            auto renamed = std::make_shared<Recording>(*entry.open.recording);
            renamed->name = kept.name;
            entry.name = QString::fromStdString(kept.name);
            replaceRecording(kept.id, std::move(renamed), RecordingPart::facts);
        }
    }
    if (kept.isLast)
        Q_EMIT told(tr("The project \u201c%1\u201d keeps labels, clocks and tags from now on.").arg(QString::fromStdString(folder.stem().string())));
    Q_EMIT changed();
}

} // namespace kino
