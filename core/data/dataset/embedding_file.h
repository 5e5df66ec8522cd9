// Embeddings of windows in a file, by recording and begin: what one model made, for another to learn from. A safetensors file
// with the tensors `vectors` [N, D] F32, `recording` [N] I64, `start_ns` [N] I64 and, where they are known, `label` and
// `subject` [N] I64 (-1: none); its metadata has the names as JSON lists: `recordings`, `labels`, `subjects`. Any thread.
#pragma once

#include "core/base/column.h"
#include "core/base/time.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct EmbeddingRow {
    std::uint32_t recording = 0; // in EmbeddingFile::recordings
    Nanos startNs = 0;
    std::int32_t label = -1;   // in EmbeddingFile::labels
    std::int32_t subject = -1; // in EmbeddingFile::subjects
};

class EmbeddingFile {
public:
    /** Mapped. Throws Error for anything else, for names that are not there, numbers that are not finite, a row given twice. */
    static EmbeddingFile open(const std::filesystem::path &path);
    static void write(const std::filesystem::path &path, std::span<const float> vectors, std::size_t width, std::span<const EmbeddingRow> rows,
                      const std::vector<std::string> &recordings, const std::vector<std::string> &labels = {}, const std::vector<std::string> &subjects = {});

    const std::vector<std::string> &recordings() const { return m_recordings; }
    const std::vector<std::string> &labels() const { return m_labels; }
    const std::vector<std::string> &subjects() const { return m_subjects; }
    const std::vector<EmbeddingRow> &rows() const { return m_rows; }
    std::size_t width() const { return m_width; }
    std::span<const float> vector(std::size_t row) const { return m_vectors.values().subspan(row * m_width, m_width); }
    /** The row of a recording that begins within half of `toleranceNs` of an instant; the nearest of several. */
    std::optional<std::size_t> find(const std::string &recording, Nanos startNs, Nanos toleranceNs) const;

private:
    std::vector<std::string> m_recordings, m_labels, m_subjects;
    std::vector<EmbeddingRow> m_rows;
    std::map<std::pair<std::uint32_t, Nanos>, std::size_t> m_places;
    std::map<std::string, std::uint32_t> m_recordingPlaces;
    Column<float> m_vectors;
    std::size_t m_width = 0;
};

} // namespace kino
