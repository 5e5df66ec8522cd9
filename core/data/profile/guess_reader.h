// The last reader asked: opens text that no profile knows by a guess.
#pragma once

#include "core/data/import.h"

#include <memory>
#include <string>

namespace kino {

/**
 * In a folder it takes only tables in which an accelerometer or a gyroscope is recognisable; asked for a file by name,
 * any table of numbers. What it assumed stands in the report with the code "guess".
 */
std::unique_ptr<Reader> makeGuessReader();

/** A sentence for a file that nobody could open. */
std::string whyUnknown(const std::filesystem::path &path);
/** Why a file of a folder was taken by nobody. Reads its beginning where it may be a table. */
std::string whyPassedOver(const std::filesystem::path &path);

} // namespace kino
