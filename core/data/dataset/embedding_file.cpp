#include "core/data/dataset/embedding_file.h"

#include "core/base/error.h"
#include "core/base/safetensors.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

namespace kino {
namespace {

std::vector<std::string> namesIn(const SafetensorsFile &file, const char *key, const std::filesystem::path &path)
{
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end())
        return {};
    const nlohmann::json list = nlohmann::json::parse(found->second, nullptr, false);
    if (!list.is_array() || !std::ranges::all_of(list, [](const nlohmann::json &each) { return each.is_string(); }))
        throw Error(path, std::string("has metadata \"") + key + "\" that is no JSON list of names");
    return list.get<std::vector<std::string>>();
}

const TensorView &tensorIn(const SafetensorsFile &file, const char *name, const char *dtype, std::size_t dimensions, const std::filesystem::path &path)
{
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end() || found->second.dtype != dtype || found->second.shape.size() != dimensions)
        throw Error(path, std::string("is no file of embeddings: it lacks the tensor \"") + name + "\" (" + dtype + ", " + std::to_string(dimensions)
                              + " dimensions); needed are vectors [N, D], recording [N] and start_ns [N]");
    return found->second;
}

std::int64_t numberAt(const TensorView &tensor, std::size_t row)
{
    std::int64_t value = 0;
    std::memcpy(&value, tensor.bytes.data() + row * sizeof value, sizeof value);
    return value;
}

} // namespace

EmbeddingFile EmbeddingFile::open(const std::filesystem::path &path)
{
    const auto file = std::make_shared<const SafetensorsFile>(SafetensorsFile::open(path));
    EmbeddingFile made;
    made.m_recordings = namesIn(*file, "recordings", path);
    made.m_labels = namesIn(*file, "labels", path);
    made.m_subjects = namesIn(*file, "subjects", path);
    const TensorView &vectors = tensorIn(*file, "vectors", "F32", 2, path);
    const TensorView &recording = tensorIn(*file, "recording", "I64", 1, path);
    const TensorView &start = tensorIn(*file, "start_ns", "I64", 1, path);
    const bool hasLabels = file->tensors().contains("label"), hasSubjects = file->tensors().contains("subject");
    const TensorView *label = hasLabels ? &tensorIn(*file, "label", "I64", 1, path) : nullptr;
    const TensorView *subject = hasSubjects ? &tensorIn(*file, "subject", "I64", 1, path) : nullptr;
    const std::int64_t rows = vectors.shape[0];
    for (const TensorView *each : {&recording, &start, label, subject}) {
        if (each && each->shape[0] != rows)
            throw Error(path, "has " + std::to_string(rows) + " vectors and " + std::to_string(each->shape[0]) + " rows that say what they are of");
    }
    made.m_width = static_cast<std::size_t>(vectors.shape[1]);
    if (made.m_width == 0 || rows == 0)
        throw Error(path, "holds no vectors");
    for (std::uint32_t place = 0; place < made.m_recordings.size(); ++place)
        made.m_recordingPlaces.emplace(made.m_recordings[place], place);
    const auto within = [&path](std::int64_t value, const std::vector<std::string> &names, const char *what, bool mayBeNone) {
        if ((value < 0 && !(mayBeNone && value == -1)) || value >= static_cast<std::int64_t>(names.size()))
            throw Error(path, std::string("names the ") + what + " " + std::to_string(value) + " of " + std::to_string(names.size()));
        return value;
    };
    // Copied where the file does not lie at a multiple of four bytes.
    std::vector<float> values(static_cast<std::size_t>(rows) * made.m_width);
    std::memcpy(values.data(), vectors.bytes.data(), values.size() * sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            throw Error(path, "has a vector (row " + std::to_string(i / made.m_width) + ") with a value that is no number");
    }
    made.m_vectors = Column<float>(std::move(values));
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        EmbeddingRow each;
        each.recording = static_cast<std::uint32_t>(within(numberAt(recording, row), made.m_recordings, "recording", false));
        each.startNs = numberAt(start, row);
        each.label = label ? static_cast<std::int32_t>(within(numberAt(*label, row), made.m_labels, "label", true)) : -1;
        each.subject = subject ? static_cast<std::int32_t>(within(numberAt(*subject, row), made.m_subjects, "subject", true)) : -1;
        if (!made.m_places.emplace(std::pair(each.recording, each.startNs), row).second)
            throw Error(path, "gives " + made.m_recordings[each.recording] + " at " + std::to_string(each.startNs) + " ns twice");
        made.m_rows.push_back(each);
    }
    return made;
}

void EmbeddingFile::write(const std::filesystem::path &path, std::span<const float> vectors, std::size_t width, std::span<const EmbeddingRow> rows,
                          const std::vector<std::string> &recordings, const std::vector<std::string> &labels, const std::vector<std::string> &subjects)
{
    if (vectors.size() != rows.size() * width)
        throw Error(path, "cannot hold " + std::to_string(vectors.size()) + " values for " + std::to_string(rows.size()) + " vectors of " + std::to_string(width));
    std::vector<std::int64_t> recording, start, label, subject;
    for (const EmbeddingRow &row : rows) {
        recording.push_back(row.recording);
        start.push_back(row.startNs);
        label.push_back(row.label);
        subject.push_back(row.subject);
    }
    const auto count = static_cast<std::int64_t>(rows.size());
    const auto view = [count](const std::vector<std::int64_t> &numbers) { return TensorView{"I64", {count}, std::as_bytes(std::span(numbers))}; };
    std::map<std::string, TensorView> tensors{{"vectors", {"F32", {count, static_cast<std::int64_t>(width)}, std::as_bytes(vectors)}},
                                              {"recording", view(recording)},
                                              {"start_ns", view(start)}};
    std::map<std::string, std::string> metadata{{"recordings", nlohmann::json(recordings).dump()}};
    if (!labels.empty()) {
        tensors["label"] = view(label);
        metadata["labels"] = nlohmann::json(labels).dump();
    }
    if (!subjects.empty()) {
        tensors["subject"] = view(subject);
        metadata["subjects"] = nlohmann::json(subjects).dump();
    }
    writeSafetensors(path, tensors, metadata);
}

std::optional<std::size_t> EmbeddingFile::find(const std::string &recording, Nanos startNs, Nanos toleranceNs) const
{
    const auto known = m_recordingPlaces.find(recording);
    if (known == m_recordingPlaces.end())
        return std::nullopt;
    const std::uint32_t place = known->second;
    std::optional<std::size_t> best;
    Nanos nearest = toleranceNs / 2 + 1;
    const auto consider = [&](auto each) {
        if (each == m_places.end() || each->first.first != place)
            return;
        const Nanos distance = std::abs(each->first.second - startNs);
        if (distance < nearest) {
            nearest = distance;
            best = each->second;
        }
    };
    const auto after = m_places.lower_bound({place, startNs});
    consider(after);
    if (after != m_places.begin())
        consider(std::prev(after));
    return best;
}

} // namespace kino
