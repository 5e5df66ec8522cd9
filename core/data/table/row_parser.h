// Rows of a text table into columns, one chunk of lines at a time. Used by reader.cpp only.
#pragma once

#include "core/data/table/reader.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kino {

/** Where the values of one request go: one of the three, as long as the table has slots. */
struct OutputColumn {
    std::shared_ptr<float[]> numbers;
    std::shared_ptr<std::int64_t[]> wholes;
    std::shared_ptr<std::int32_t[]> codes;
};

/** Codes for the distinct texts of one column, by order of appearance. */
class WordList {
public:
    std::int32_t codeOf(std::string_view word)
    {
        // Labels come in long runs.
        if (m_last >= 0 && m_words[static_cast<std::size_t>(m_last)] == word)
            return m_last;
        const auto [entry, isNew] = m_codes.try_emplace(std::string(word), static_cast<std::int32_t>(m_words.size()));
        if (isNew)
            m_words.emplace_back(word);
        m_last = entry->second;
        return m_last;
    }
    const std::vector<std::string> &words() const { return m_words; }

private:
    std::unordered_map<std::string, std::int32_t> m_codes;
    std::vector<std::string> m_words;
    std::int32_t m_last = -1;
};

/** A piece of the text that begins and ends at line ends, and what became of it. */
struct TableChunk {
    std::string_view text;
    std::size_t lines = 0;
    std::size_t firstSlot = 0;
    std::size_t slots = 0; // how many rows may be written
    std::size_t rows = 0;
    std::size_t linesBefore = 0;
    std::size_t zoneless = 0;
    LeftOut bad;
    LeftOut missingTime;
    std::vector<SkippedRows> skipped; // rows counted from the chunk's first
    std::vector<SkippedRows> lost;
    std::vector<WordList> words; // one a request
    std::vector<std::size_t> missing; // one a request
};

void addSkipped(std::vector<SkippedRows> &runs, std::size_t row, std::size_t count = 1);

/**
 * Writes the rows of `chunk` into `outputs` from its first slot on, and notes in it what was left out. Any number of
 * threads, each with chunks of its own.
 */
void parseRows(TableChunk &chunk, const TableRequest &request, const std::vector<OutputColumn> &outputs);

} // namespace kino
