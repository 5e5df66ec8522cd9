// What the parts of Library hand to one another: a recording that was read, and an import under way. Used by library.cpp,
// library_import.cpp and library_edit.cpp only.
#pragma once

#include "app/kinoscope/library/library.h"
#include "core/data/import.h"
#include "core/store/project.h"

#include <optional>

namespace kino {

/** A profile that was only made in the dialog is kept in the project: its recordings must be readable tomorrow. */
std::string keptProfile(const std::filesystem::path &project, const nlohmann::json &profile);

/** A recording that was open without a project, once it is in one. */
struct Library::KeptLoose {
    qint64 id = 0; // in the library; 0 where only the project was made
    qint64 storedId = -1;
    std::string name; // as the project calls it
    bool isLast = false;
};

/** Made on a worker. */
struct Library::ReadRecording {
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const RecordingOverview> overview;
    LibraryItem item;
};

/** One recording as soon as it is read; at the end what only the whole import can tell. */
struct Library::Imported {
    std::optional<ReadRecording> read;
    qint64 storedId = -1; // in the project
    AddOutcome outcome = AddOutcome::added;
    std::string contentId; // without a project
    ImportHow how;
    // At the end:
    bool isEnd = false;
    std::vector<std::string> names; // of all that were published, made unique
    std::vector<ImportFailure> failures;
    std::vector<std::pair<std::filesystem::path, std::string>> uncertain; // and why
    ImportReport passedOver;
    /** Tables that would have been asked about, but are in the project: no question is worth it. */
    std::vector<std::pair<std::filesystem::path, std::string>> known; // and as what
};

/** An import as the GUI thread follows it. */
struct Library::ImportRun {
    ImportOrder order;
    std::vector<qint64> ids; // in the order in which they came
    std::vector<std::size_t> addedAt; // which of the published ones became entries of their own
    ImportSummary summary;
    bool isChosen = false;
    bool isEnded = false;
};

} // namespace kino
