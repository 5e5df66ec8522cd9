// A file of vectors as a table of windows: what trains on it, and on which part. Any thread.
#pragma once

#include "core/data/dataset/embedding_file.h"
#include "core/data/dataset/window_table.h"
#include "core/data/windows/window_split.h"

namespace kino {

struct EmbeddingTable {
    /** Its windows have no length and no grid; recordings have the subject of their rows. */
    WindowTable table;
    /** The file's row of each row of the table. */
    std::vector<std::size_t> fileRows;
};

/** Rows by recording, then time. Throws Error for a split that the file does not allow. */
EmbeddingTable tableOfEmbeddings(const EmbeddingFile &file, const SplitRule &split, std::uint64_t seed);

} // namespace kino
