// What an unknown text file probably is: a profile to show, to correct and to save, with all it assumes said aloud.
#pragma once

#include "core/data/import_report.h"
#include "core/data/profile/assumptions.h"
#include "core/data/profile/import_profile.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

struct GuessedProfile {
    /** A valid profile of one kind of file; parseProfile() takes it, saveUserProfile() keeps it. */
    nlohmann::json profile;
    /** 0 to 1: names and units in the header make it high, guesses from magnitudes and a made-up rate low. */
    double confidence = 0;
    /** One row for each thing that was assumed rather than read. */
    ImportReport assumptions;
    /** What each of them is about. */
    std::vector<GuessConcern> concerns;
    /** Header names (or "column 1", …) and the first rows, for a preview. */
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> preview;
    /** Whether an accelerometer or a gyroscope was recognised. */
    bool hasInertial = false;
    /** Whether a name said so, of a column or of the file; otherwise the size of the numbers did. */
    bool isNamed = false;
};

/**
 * Reads the first bytes only. Throws Error, saying why, for what is no table of numbers. Where a person has said how the
 * text is cut, `layout` is taken as it is.
 */
GuessedProfile guessProfile(const std::filesystem::path &path, const std::optional<TableLayout> &layout = {});

} // namespace kino
