// The rules of ELAN's schema EAFv3.0 (December 2016), written down again from it: which elements stand where and how often, which
// attributes they must and may have and of which type, which names and numbers refer to which. Independent of what reads and
// writes .eaf in core/.
#pragma once

#include <QStringList>

#include <filesystem>

namespace kino::test {

/** Everything in the file that the schema does not allow, and time slots out of order, which ELAN itself wants in it. */
QStringList eafProblems(const std::filesystem::path &file);

} // namespace kino::test
