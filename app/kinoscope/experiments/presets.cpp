#include "app/kinoscope/experiments/presets.h"

#include "core/jobs/specification/schema.h"
#include "widgets/form/json_text.h"
#include "widgets/style/resources.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace kino {
namespace {

QString textIn(const nlohmann::json &specification, const char *key)
{
    const nlohmann::json *value = valueAt(specification, key);
    return value && value->is_string() ? QString::fromStdString(value->get<std::string>()) : QString();
}

std::vector<JobPreset> readPresets()
{
    ensureResources();
    std::vector<JobPreset> presets;
    const QDir folder(QStringLiteral(":/kinoscope/projects"));
    for (const QString &name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        JobPreset preset{.file = name, .name = {}, .about = {}, .text = QString::fromUtf8(file.readAll())};
        const JsonReading reading = readJsonText(preset.text.toStdString());
        if (!reading.value)
            continue;
        preset.name = textIn(*reading.value, "name");
        preset.about = textIn(*reading.value, "about");
        preset.isSmall = name.endsWith(QLatin1String("-small.json"));
        presets.push_back(std::move(preset));
    }
    std::ranges::stable_sort(presets, [](const JobPreset &one, const JobPreset &other) { return one.isSmall > other.isSmall; });
    return presets;
}

} // namespace

const std::vector<JobPreset> &jobPresets()
{
    static const std::vector<JobPreset> presets = readPresets();
    return presets;
}

QString withProjectsRecordings(const QString &text, const QStringList &subjects)
{
    const JsonReading reading = readJsonText(text.toStdString());
    if (!reading.value)
        return text;
    const bool isStudy = valueAt(*reading.value, "base") != nullptr;
    const std::string data = isStudy ? "base.data" : "data";
    const nlohmann::json *recordings = valueAt(*reading.value, data + ".recordings");
    if (!recordings || !recordings->is_array())
        return text;
    std::string own = withJsonValueAt(text.toStdString(), data + ".recordings", {{"project", "all"}});
    if (valueAt(*reading.value, data + ".split.test") || valueAt(*reading.value, data + ".split.validation")) {
        nlohmann::json split = nullptr; // one person alone: all trains
        if (subjects.size() >= 2)
            split = {{"by", "subject"}, {"test", {subjects.back().toStdString()}}};
        if (subjects.size() >= 3)
            split["validation"] = {subjects[subjects.size() - 2].toStdString()};
        own = withJsonValueAt(own, data + ".split", split);
    }
    return QString::fromStdString(own);
}

} // namespace kino
