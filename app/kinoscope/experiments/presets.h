// The ready specifications of projects/, which lie inside the program. GUI thread.
#pragma once

#include <QString>
#include <QStringList>

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

/**
 * A text that learns from files of recordings, with all those of the project in their place, and where its split names subjects, with
 * the project's: the last one tests, the one before validates where three are there. Others as they are.
 */
QString withProjectsRecordings(const QString &text, const QStringList &subjects);

} // namespace kino
