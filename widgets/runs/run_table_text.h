// The table of runs for elsewhere: a spreadsheet, a README, a paper. GUI thread.
#pragma once

#include "widgets/runs/run_table_model.h"

namespace kino {

enum class RunTextFormat { csv, markdown, latex };

/** In the order in which they stand, groups with their means and deviations; numbers in CSV with all their digits. */
QString runTableText(const RunTableModel &model, RunTextFormat format);

} // namespace kino
