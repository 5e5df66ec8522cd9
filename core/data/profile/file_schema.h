// The part of a profile's JSON that says what one kind of file holds: time, streams, labels, devices. Used by
// import_profile.cpp only.
#pragma once

#include "core/data/profile/schema.h"

#include <string>

namespace kino {

class FileSchema : protected ProfileSchema {
public:
    using ProfileSchema::ProfileSchema;

protected:
    FileSpec readFile(ProfileObject &object);

    std::string m_device; // of the whole profile; a file may say another

private:
    TimeSpec readTime(ProfileObject &owner);
    /** One entry of "columns": a name, a position, a list to be added up, or an object with more to say. */
    AxisSpec readAxis(const nlohmann::json &json, const std::string &path);
    StreamSpec readStream(ProfileObject &object);
    static void complainOfUnit(ProfileObject &object, const StreamSpec &stream);
    LabelSpec readLabel(ProfileObject &object);
    /** Without a header a column has no name. */
    static void checkPositions(ProfileObject &object, const FileSpec &file);
};

} // namespace kino
