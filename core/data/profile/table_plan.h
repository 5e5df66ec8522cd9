// Which cells of a table a profile's kind of file needs, in the columns of one file's header. Used by table.cpp.
#pragma once

#include "core/data/profile/import_profile.h"
#include "core/data/table/reader.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace kino {

/** Which cells of the table an axis is made of; more than one are added up. */
struct AxisCells {
    const AxisSpec *spec = nullptr;
    std::vector<std::size_t> cells;
};

struct FilterCell {
    const RowFilter *filter = nullptr;
    std::size_t cell = 0;
};

struct StreamCells {
    const StreamSpec *spec = nullptr;
    std::vector<AxisCells> axes;
    std::vector<FilterCell> filters;
};

/** Cells are indices into request.cells; pointers are into the FileSpec it was made from. */
struct TablePlan {
    TableRequest request; // without threads, cancel token and progress
    std::optional<std::size_t> timeCell;
    std::optional<std::size_t> splitCell;
    std::vector<StreamCells> streams; // optional ones only where their columns are there
    std::vector<std::pair<const LabelSpec *, std::size_t>> labelCells;
};

/** Throws Error, naming the columns there are, where one that is needed is not. `text` is the whole file. */
TablePlan planTable(const std::filesystem::path &path, const FileSpec &spec, const TableHeader &header,
                    std::string_view text);

} // namespace kino
