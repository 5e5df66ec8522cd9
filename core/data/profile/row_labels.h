// Tiers from the rows of a table, or from its name. Used by table.cpp.
#pragma once

#include "core/data/profile/import_profile.h"
#include "core/data/profile/row_selection.h"

#include <string>
#include <utility>
#include <vector>

namespace kino {

struct LoadedTier {
    std::string name;
    TierKind kind = TierKind::label;
    struct Span {
        Nanos startNs = 0; // on the file's own clock, half-open
        Nanos endNs = 0;
        std::string label;
    };
    std::vector<Span> spans;
    /** Where rows say something, be it "no label": without the gaps between rows. */
    std::vector<std::pair<Nanos, Nanos>> covered;
};

/**
 * Adds spans of equal labels in the text cell `cell` of `rows`. A row's label lasts until the next row; the last row's,
 * and a row's before a gap (timing.h), lasts one period, so that every row lies in its label and none is claimed where
 * there are no samples.
 */
void addRowLabels(LoadedTier &tier, const LabelSpec &spec, const Table &table, std::size_t cell, const RowSelection &rows,
                  Nanos periodNs);

/** Adds the one label of a whole file, over the span of its rows; none where the text comes out empty or is ignored. */
void addFileLabel(LoadedTier &tier, const LabelSpec &spec, const Captures &captures, Nanos firstNs, Nanos lastNs,
                  Nanos periodNs);

} // namespace kino
