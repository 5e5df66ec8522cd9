// Controlled vocabularies of ELAN's .eaf as label sets. Internal to the ELAN files.
#pragma once

#include "core/data/formats/annotation_file.h"

#include <pugixml.hpp>

namespace kino::elan {

/**
 * Of each tier, in the order of `tiers`, its vocabulary in its language. `nodes` are the TIER elements that these tiers were
 * read from. EAF up to 2.7 has one language (CV_ENTRY), from 2.8 on several (CV_ENTRY_ML, CVE_VALUE). Values that are empty
 * or come twice are left out, as a label set can hold neither.
 */
TierVocabularies readVocabularies(const pugi::xml_node &root, const std::vector<AnnotationTier> &tiers, const std::vector<pugi::xml_node> &nodes);

} // namespace kino::elan
