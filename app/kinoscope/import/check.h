// What the import dialog finds out about a file, off the GUI thread and through the same functions as an import: what it
// probably is, its first rows, and what a profile would make of the whole.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/import_report.h"
#include "core/data/profile/assumptions.h"
#include "core/data/profile/draft.h"
#include "core/data/profile/preview.h"
#include "widgets/controls/status_mark.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace kino {

/** How a file is to be read: by a guess, by a guess about text that is cut as a person said, or by a profile. */
struct ImportQuestion {
    std::filesystem::path file;
    std::optional<TableLayout> layout;
    std::string profile; // a name; empty: by a guess
};

/** The first answer: quick, from the first bytes. */
struct ImportLook {
    /** What can be edited; nothing where the file is no text, or the profile says more than a draft can hold. */
    std::optional<ProfileDraft> draft;
    /** The profile itself where it cannot be edited. */
    nlohmann::json profile;
    double confidence = 0;
    ImportReport reasons;
    /** What each of the reasons is about, and the draft as it was guessed. */
    std::vector<GuessConcern> concerns;
    std::optional<ProfileDraft> guessed;
    std::shared_ptr<const TablePreview> preview;
    /** Why there is no table; empty where there is one. */
    QString problem;
    /** Whether it is text at all: then the cut can be changed. */
    bool isText = false;
};

ImportLook lookAtFile(const ImportQuestion &question);

struct ImportedStream {
    QString name;
    QString samples;
    QString rate;
    QString range; // of the values, with unit
    Mark mark = Mark::none;
    QString tip;
};

/** The second answer: what would be imported. Published first with the preview alone. */
struct ImportCheck {
    std::shared_ptr<const TablePreview> preview;
    bool isWhole = false;
    std::vector<ImportedStream> streams;
    QString summary; // "20.01 s · 3 videos · 12 labels"
    ImportReport report;
    QString problem; // why nothing would be imported
};

/** Those of the files that are cut like this one and have its columns, itself among them: what is said of one holds for all. */
std::vector<std::filesystem::path> filesLike(const std::filesystem::path &file, const std::vector<std::filesystem::path> &files, const CancelToken &cancel);

/** Reads the whole file. */
ImportCheck checkImport(const std::filesystem::path &file, const nlohmann::json &profile, const TaskContext &context,
                        const std::function<void(ImportCheck)> &publish);

} // namespace kino
