// An .eaf as ELAN itself writes it. In a file of its own: moc takes the slashes of a URL in a raw string for a comment.
#pragma once

#include <string_view>

namespace kino::test {

/**
 * Four tiers: "part", a time subdivision of "phrase" whose open borders stand among those of "other"; "phrase";
 * "other"; "word", a symbolic subdivision of "phrase" out of order. Two media, the second with a TIME_ORIGIN of 2500
 * ms.
 */
std::string_view elanExample();

} // namespace kino::test
