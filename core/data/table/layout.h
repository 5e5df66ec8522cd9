// How a text table is cut into lines and fields, and small tables read whole: headers, label files, lists of images.
#pragma once

#include "core/data/table/text_file.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

/** ' ' as separator means any run of blanks and tabs. */
struct TableLayout {
    char separator = ',';
    char decimal = '.';
    char quote = '"';    // '\0': none
    char rowEnd = '\0';  // a character that closes every row, as in "1,2,3;"
    std::string comment; // lines that begin with it are left out; empty: none
    std::size_t skipLines = 0;
    std::size_t headerRows = 1;
};

/** What stands above the first row of samples. */
struct TableHeader {
    /** Header rows joined by '/', trimmed and unquoted; empty where the layout has none. */
    std::vector<std::string> names;
    /** The lines before the data as they are, comment lines included; each without its line end. */
    std::vector<std::string> lines;
    std::size_t dataOffset = 0; // bytes
    std::int64_t dataLine = 1;  // counted from 1
};

/** More columns than any recording has: what lies beyond is not a table of samples. */
inline constexpr std::size_t kMostColumns = 16384;
/** A line longer than this is not read as one of a small table or of a header. */
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/** Reads the header of the text. Throws Error (naming `path`) when it has more than kMostColumns or is too long. */
TableHeader readTableHeader(const std::filesystem::path &path, std::string_view text, const TableLayout &layout);

/** The fields of one line, trimmed and unquoted. Appends to nothing: gives a fresh list, at most `most` long. */
std::vector<std::string> splitLine(std::string_view line, const TableLayout &layout, std::size_t most = kMostColumns);

/**
 * Calls `row(line number, fields)` for every data row. Quoted fields may hold separators and line ends. Rows may differ
 * in length. Throws Error for lines or quoted fields beyond kLongestLine.
 */
void forEachRow(const std::filesystem::path &path, std::string_view text, const TableLayout &layout,
                const TableHeader &header,
                const std::function<void(std::int64_t line, std::span<const std::string> fields)> &row);

} // namespace kino
