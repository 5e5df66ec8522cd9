#include "core/data/dataset/embedding_table.h"

#include <algorithm>
#include <numeric>

namespace kino {

EmbeddingTable tableOfEmbeddings(const EmbeddingFile &file, const SplitRule &split, std::uint64_t seed)
{
    EmbeddingTable made;
    WindowTable &table = made.table;
    table.classes = file.labels();
    std::ranges::sort(table.classes);
    for (const std::string &name : file.recordings())
        table.recordings.push_back({.name = name, .subject = {}, .sources = {WindowSource{.devices = {}, .grid = {}}}});

    made.fileRows.resize(file.rows().size());
    std::iota(made.fileRows.begin(), made.fileRows.end(), std::size_t{0});
    std::ranges::stable_sort(made.fileRows, {}, [&file](std::size_t row) { return std::pair(file.rows()[row].recording, file.rows()[row].startNs); });
    for (const std::size_t place : made.fileRows) {
        const EmbeddingRow &given = file.rows()[place];
        WindowRow row;
        row.recording = given.recording;
        row.start = RecordingTime{given.startNs};
        if (given.label >= 0)
            row.label = static_cast<std::int32_t>(std::ranges::lower_bound(table.classes, file.labels()[static_cast<std::size_t>(given.label)]) - table.classes.begin());
        if (given.subject >= 0)
            table.recordings[given.recording].subject = file.subjects()[static_cast<std::size_t>(given.subject)];
        table.rows.push_back(row);
    }

    std::vector<std::string> names;
    for (const TableRecording &recording : table.recordings)
        names.push_back(split.by == SplitBy::recording ? recording.name : recording.subject);
    const auto parts = assignSplit(split, names, seed);
    for (WindowRow &row : table.rows)
        row.part = parts.at(names[row.recording]);
    return made;
}

} // namespace kino
