// Core's UTF-8 as Qt's texts.
#pragma once

#include <QString>

#include <filesystem>
#include <string>

namespace kino {

inline QString text(const std::string &utf8) { return QString::fromStdString(utf8); }
inline QString pathText(const std::filesystem::path &path) { return QString::fromStdString(path.string()); }

} // namespace kino
