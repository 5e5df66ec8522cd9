// Writes ELAN's .eaf, by the ELAN Annotation Format's schema EAFv3.0.
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/formats/elan_names.h"

#include <array>
#include <charconv>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <sstream>

namespace kino {
namespace {

Nanos floorToMillisecond(Nanos ns)
{
    const Nanos whole = ns / kNanosPerMillisecond * kNanosPerMillisecond;
    return whole > ns ? whole - kNanosPerMillisecond : whole;
}

std::int64_t roundToMilliseconds(Nanos ns)
{
    return floorToMillisecond(ns + kNanosPerMillisecond / 2) / kNanosPerMillisecond;
}

std::string todayUtc()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &utc);
    return text;
}

std::optional<RecordingTime> earliestStart(const std::vector<AnnotationTier> &tiers)
{
    std::optional<RecordingTime> earliest;
    for (const AnnotationTier &tier : tiers) {
        for (const Annotation &annotation : tier.annotations)
            earliest = std::min(earliest.value_or(annotation.start), annotation.start);
    }
    return earliest;
}

/** Percent-encodes what a file: URL may not hold. */
std::string fileUrl(const std::filesystem::path &path)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : std::filesystem::absolute(path).lexically_normal().string()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')
            || (byte >= 'a' && byte <= 'z') || std::string_view("/-_.~").find(c) != std::string_view::npos;
        if (isPlain) {
            url += c;
        } else {
            url += '%';
            url += kDigits[byte >> 4];
            url += kDigits[byte & 15];
        }
    }
    return url;
}

/** Without what XML 1.0 cannot hold, even escaped; line ends are "\n", as every XML reader makes them. */
std::string xmlText(const std::string &given)
{
    const std::string text = validUtf8(given);
    std::string clean;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::string_view three = std::string_view(text).substr(at, 3);
        if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") { // no characters, though UTF-8 can write them
            at += 2;
        } else if (byte == '\r') {
            const bool isPair = at + 1 < text.size() && text[at + 1] == '\n';
            clean += isPair ? "" : "\n";
        } else if (byte >= 0x20 || byte == '\t' || byte == '\n') {
            clean += text[at];
        }
    }
    return clean;
}

/** The name, with a number where it is taken already. */
std::string freeName(const std::string &name, std::set<std::string> &taken)
{
    std::string free = name;
    for (int number = 2; !taken.insert(free).second; ++number)
        free = name + " (" + std::to_string(number) + ")";
    return free;
}

class EafWriter {
public:
    EafWriter(const std::vector<AnnotationTier> &tiers, const std::optional<EafMedia> &media, const TierVocabularies &vocabularies)
    {
        const auto earliest = earliestStart(tiers);
        RecordingTime zero = std::min(earliest.value_or(RecordingTime{}), RecordingTime{});
        if (media) {
            m_written.isMediaLinked = !earliest || *earliest >= media->start - kNanosPerMillisecond / 2;
            zero = m_written.isMediaLinked ? media->start : std::min(zero, media->start);
        }
        m_written.shiftNs = -roundToMilliseconds(zero.ns) * kNanosPerMillisecond;
        if (!m_written.isMediaLinked)
            m_written.shiftNs = -floorToMillisecond(zero.ns);
        else
            m_driftPpm = media->driftPpm;
        writeHeader(media);
        pugi::xml_node order = m_root.append_child("TIME_ORDER");
        std::vector<std::string> names;
        for (const AnnotationTier &tier : tiers)
            names.push_back(freeName(xmlText(tier.name), m_names));
        nameVocabularies(vocabularies);
        for (std::size_t tier = 0; tier < tiers.size(); ++tier) {
            const LabelSet *own = tiers[tier].kind == TierKind::label ? vocabularies.of(tier) : nullptr;
            writeLayers(tiers[tier], names[tier], own ? &m_vocabularies[*vocabularies.ofTier[tier]] : nullptr);
        }
        writeSlots(order);
        writeTypes();
        writeVocabularies();
    }

    std::string text() const
    {
        std::ostringstream out;
        m_document.save(out, "    ", pugi::format_default, pugi::encoding_utf8);
        return out.str();
    }
    const EafWritten &written() const { return m_written; }
    std::int64_t latestMilliseconds() const { return m_slots.empty() ? 0 : *std::ranges::max_element(m_slots); }

private:
    struct Vocabulary {
        std::string name;
        std::vector<std::string> values;
        bool isUsed = false;

        std::string entryId(std::size_t value) const { return "cveid" + std::to_string(value); }
    };

    void writeHeader(const std::optional<EafMedia> &media)
    {
        pugi::xml_node declaration = m_document.append_child(pugi::node_declaration);
        declaration.append_attribute("version") = "1.0";
        declaration.append_attribute("encoding") = "UTF-8";
        m_root = m_document.append_child("ANNOTATION_DOCUMENT");
        m_root.append_attribute("AUTHOR") = "";
        m_root.append_attribute("DATE") = todayUtc().c_str();
        m_root.append_attribute("FORMAT") = "3.0";
        m_root.append_attribute("VERSION") = "3.0";
        m_root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
        m_root.append_attribute("xsi:noNamespaceSchemaLocation") = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd";
        pugi::xml_node header = m_root.append_child("HEADER");
        header.append_attribute("MEDIA_FILE") = "";
        header.append_attribute("TIME_UNITS") = "milliseconds";
        if (media && m_written.isMediaLinked) {
            pugi::xml_node descriptor = header.append_child("MEDIA_DESCRIPTOR");
            descriptor.append_attribute("MEDIA_URL") = fileUrl(media->path).c_str();
            descriptor.append_attribute("MIME_TYPE") = media->path.extension() == ".mp4" ? "video/mp4" : "video/*";
        }
        m_header = header;
        addProperty(elan::kShiftProperty, std::to_string(m_written.shiftNs));
        if (m_driftPpm != 0) {
            std::array<char, 64> buffer;
            const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), m_driftPpm);
            addProperty(elan::kDriftProperty, std::string(buffer.data(), end));
        }
    }

    void addProperty(const std::string &name, const std::string &value)
    {
        pugi::xml_node property = m_header.append_child("PROPERTY");
        property.append_attribute("NAME") = name.c_str();
        property.text() = value.c_str();
    }

    std::string slotAt(std::int64_t milliseconds)
    {
        m_slots.push_back(milliseconds);
        return "ts" + std::to_string(m_slots.size());
    }

    std::int64_t millisecondsOf(RecordingTime time)
    {
        // ELAN's clock is the video's: where that drifts, so does it.
        const Nanos shifted = ClockMap<VideoClock>{-m_written.shiftNs, m_driftPpm}.toOwn(time).ns;
        if (shifted % kNanosPerMillisecond != 0)
            ++m_written.roundedBorders;
        return std::max<std::int64_t>(0, roundToMilliseconds(shifted));
    }

    struct Placed {
        std::int64_t start = 0, end = 0; // milliseconds
        const Annotation *annotation = nullptr;
    };

    /** ELAN lets no two annotations of a tier overlap: what does goes to tiers of its own, which reading puts together.
     */
    void writeLayers(const AnnotationTier &tier, const std::string &tierName, Vocabulary *vocabulary)
    {
        std::vector<std::vector<Placed>> layers(1);
        for (const Annotation &annotation : tier.annotations) {
            const std::int64_t start = millisecondsOf(annotation.start);
            const Placed placed{start, std::max(millisecondsOf(annotation.end), start + 1), &annotation};
            const auto free = std::ranges::find_if(
                layers, [&](const auto &layer) { return layer.empty() || layer.back().end <= start; });
            if (free == layers.end())
                layers.push_back({placed});
            else
                free->push_back(placed);
        }
        for (std::size_t number = 0; number < layers.size(); ++number) {
            std::string name = tierName;
            if (number > 0) {
                for (std::size_t tried = number + 1; !m_names.insert(name).second; ++tried)
                    name = tierName + " (overlap " + std::to_string(tried) + ")";
                addProperty(elan::kPartPrefix + name, tierName);
            }
            writeTier(name, tier.kind, layers[number], vocabulary);
        }
    }

    void writeTier(const std::string &name, TierKind kind, const std::vector<Placed> &annotations, Vocabulary *vocabulary)
    {
        pugi::xml_node node = m_root.append_child("TIER");
        const std::string type = vocabulary ? elan::kVocabularyTypePrefix + vocabulary->name : kind == TierKind::text ? elan::kTextType : elan::kLabelType;
        node.append_attribute("LINGUISTIC_TYPE_REF") = type.c_str();
        if (vocabulary)
            vocabulary->isUsed = true;
        node.append_attribute("TIER_ID") = name.c_str();
        for (const auto &[start, end, annotation] : annotations) {
            pugi::xml_node inner = node.append_child("ANNOTATION").append_child("ALIGNABLE_ANNOTATION");
            inner.append_attribute("ANNOTATION_ID") = ("a" + std::to_string(++m_annotations)).c_str();
            inner.append_attribute("TIME_SLOT_REF1") = slotAt(start).c_str();
            inner.append_attribute("TIME_SLOT_REF2") = slotAt(end).c_str();
            const std::string value = xmlText(annotation->label);
            const auto entry = vocabulary ? std::ranges::find(vocabulary->values, value) : std::vector<std::string>::iterator();
            if (vocabulary && entry != vocabulary->values.end())
                inner.append_attribute("CVE_REF") = vocabulary->entryId(static_cast<std::size_t>(entry - vocabulary->values.begin())).c_str();
            inner.append_child("ANNOTATION_VALUE").text() = value.c_str();
        }
    }

    /** ELAN wants its time slots in the order of time. */
    void writeSlots(pugi::xml_node order)
    {
        std::vector<std::size_t> places(m_slots.size());
        for (std::size_t index = 0; index < places.size(); ++index)
            places[index] = index;
        std::ranges::stable_sort(places, {}, [&](std::size_t place) { return m_slots[place]; });
        for (const std::size_t place : places) {
            pugi::xml_node slot = order.append_child("TIME_SLOT");
            slot.append_attribute("TIME_SLOT_ID") = ("ts" + std::to_string(place + 1)).c_str();
            slot.append_attribute("TIME_VALUE") = static_cast<long long>(m_slots[place]);
        }
    }

    void nameVocabularies(const TierVocabularies &vocabularies)
    {
        std::set<std::string> names;
        for (const LabelSet &set : vocabularies.labelSets) {
            Vocabulary &vocabulary = m_vocabularies.emplace_back(Vocabulary{freeName(xmlText(set.name), names), {}, false});
            for (const LabelDefinition &definition : set.labels)
                vocabulary.values.push_back(xmlText(definition.label));
        }
    }

    void writeType(const std::string &name, const std::string &vocabulary = {})
    {
        pugi::xml_node type = m_root.append_child("LINGUISTIC_TYPE");
        if (!vocabulary.empty())
            type.append_attribute("CONTROLLED_VOCABULARY_REF") = vocabulary.c_str();
        type.append_attribute("GRAPHIC_REFERENCES") = "false";
        type.append_attribute("LINGUISTIC_TYPE_ID") = name.c_str();
        type.append_attribute("TIME_ALIGNABLE") = "true";
    }

    /** With the names and descriptions that ELAN itself gives to a vocabulary in one language that nobody named. */
    void writeVocabularies()
    {
        for (const Vocabulary &vocabulary : m_vocabularies) {
            if (!vocabulary.isUsed)
                continue;
            pugi::xml_node node = m_root.append_child("CONTROLLED_VOCABULARY");
            node.append_attribute("CV_ID") = vocabulary.name.c_str();
            node.append_child("DESCRIPTION").append_attribute("LANG_REF") = elan::kLanguage;
            for (std::size_t index = 0; index < vocabulary.values.size(); ++index) {
                pugi::xml_node entry = node.append_child("CV_ENTRY_ML");
                entry.append_attribute("CVE_ID") = vocabulary.entryId(index).c_str();
                pugi::xml_node value = entry.append_child("CVE_VALUE");
                value.append_attribute("LANG_REF") = elan::kLanguage;
                value.text() = vocabulary.values[index].c_str();
            }
        }
    }

    void writeTypes()
    {
        for (const char *type : {elan::kLabelType, elan::kTextType})
            writeType(type);
        bool hasVocabulary = false;
        for (const Vocabulary &vocabulary : m_vocabularies) {
            if (vocabulary.isUsed)
                writeType(elan::kVocabularyTypePrefix + vocabulary.name, vocabulary.name);
            hasVocabulary = hasVocabulary || vocabulary.isUsed;
        }
        if (hasVocabulary) {
            pugi::xml_node language = m_root.append_child("LANGUAGE");
            language.append_attribute("LANG_DEF") = "http://cdb.iso.org/lg/CDB-00130975-001";
            language.append_attribute("LANG_ID") = elan::kLanguage;
            language.append_attribute("LANG_LABEL") = "undetermined (und)";
        }
        // ELAN's own four, as it writes them into every file.
        constexpr std::pair<const char *, const char *> kConstraints[]
            = {{"Time_Subdivision",
                "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval"},
               {"Symbolic_Subdivision",
                "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered"},
               {"Symbolic_Association", "1-1 association with a parent annotation"},
               {"Included_In",
                "Time alignable annotations within the parent annotation's time interval, gaps are allowed"}};
        for (const auto &[stereotype, description] : kConstraints) {
            pugi::xml_node constraint = m_root.append_child("CONSTRAINT");
            constraint.append_attribute("DESCRIPTION") = description;
            constraint.append_attribute("STEREOTYPE") = stereotype;
        }
    }

    EafWritten m_written;
    double m_driftPpm = 0;
    pugi::xml_document m_document;
    pugi::xml_node m_root, m_header;
    std::set<std::string> m_names; // of tiers
    std::vector<Vocabulary> m_vocabularies; // as given
    std::vector<std::int64_t> m_slots;
    std::size_t m_annotations = 0;
};

} // namespace

EafWritten writeEaf(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers,
                    const std::optional<EafMedia> &media, const TierVocabularies &vocabularies)
{
    const EafWriter writer(tiers, media, vocabularies);
    if (writer.latestMilliseconds() > std::numeric_limits<std::uint32_t>::max())
        throw Error(path, "an annotation lies more than 49 days from the start, which ELAN's times cannot say; export CSV");
    writeFileAtomically(path, writer.text());
    return writer.written();
}

} // namespace kino
