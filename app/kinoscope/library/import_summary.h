// What an import is told, and what became of it. Values.
#pragma once

#include "core/data/import_report.h"

#include <QMetaType>
#include <QString>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

/** Whether tables that no profile knows are read by an unsure guess, or shown to the person first. */
enum class WhenUncertain { ask, importAnyway };

/** By what a file is read: a saved or shipped profile, one that was made in the import dialog, or whatever fits. */
struct ImportHow {
    std::string profile;      // a name or a file
    nlohmann::json ownProfile; // null where there is none
};

struct ImportOrder {
    std::vector<std::filesystem::path> paths;
    ImportHow how;
    WhenUncertain whenUncertain = WhenUncertain::ask;
};

struct ImportSummary {
    int added = 0;
    int known = 0;     // the same content was there already
    int changed = 0;   // the same file with other content: renewed
    int relocated = 0; // the same content from a new place
    int failed = 0;
    int uncertain = 0; // waiting for a look
    bool isStopped = false;
    /** Of the folder in which nothing could be read; empty else. */
    QString emptyFolder;
    /** Files that were not imported because nobody has looked at them yet, of earlier imports too; each has a row in the report. */
    std::vector<std::filesystem::path> waiting;
    /** Rows of all recordings, and what was recognised or failed. */
    ImportReport report;

    bool isEmpty() const { return added + known + changed + relocated + failed + uncertain == 0 && !isStopped && waiting.empty(); }
    /** "12 recordings imported · 2 already here · 1 could not be read" */
    QString sentence() const;
    std::size_t count(Severity severity) const;
};

} // namespace kino

Q_DECLARE_METATYPE(kino::ImportSummary)
