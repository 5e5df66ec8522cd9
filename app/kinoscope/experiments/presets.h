// The ready specifications of projects/, which lie inside the program. GUI thread.
#pragma once

#include <QString>

#include <vector>

namespace kino {

struct JobPreset {
    /** "simclr-small.json" */
    QString file;
    QString name;
    QString about;
    QString text;
    bool isSmall = false;
};

/** Small ones first, each part by name. Read once. */
const std::vector<JobPreset> &jobPresets();

/** A text whose recordings are all those of the project, where it learns from files of recordings; else as it is. */
QString withProjectsRecordings(const QString &text);

} // namespace kino
