// ELAN's .eaf, by the ELAN Annotation Format's schema EAFv3.0.
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/formats/annotation_file.h"

#include <charconv>
#include <limits>
#include <pugixml.hpp>
#include <sstream>

namespace kino {
namespace {

constexpr const char *kShiftProperty = "kinoscope:shift_ns";
constexpr const char *kKindPrefix = "kinoscope-";

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
        const bool isPlain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
            std::string_view("/-_.~").find(c) != std::string_view::npos;
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

/** Characters that XML 1.0 cannot hold, even escaped. */
std::string xmlText(const std::string &text)
{
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 || c == '\t' || c == '\n' || c == '\r')
            clean += c;
    }
    return clean;
}

class EafWriter {
public:
    EafWriter(const std::vector<AnnotationTier> &tiers, const std::optional<EafMedia> &media) : m_tiers(tiers)
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
        writeHeader(media);
        pugi::xml_node order = m_root.append_child("TIME_ORDER");
        for (const AnnotationTier &tier : tiers)
            writeTier(tier);
        writeSlots(order);
        writeTypes();
    }

    std::string text() const
    {
        std::ostringstream out;
        m_document.save(out, "    ", pugi::format_default, pugi::encoding_utf8);
        return out.str();
    }
    const EafWritten &written() const { return m_written; }

private:
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
        pugi::xml_node shift = header.append_child("PROPERTY");
        shift.append_attribute("NAME") = kShiftProperty;
        shift.text() = static_cast<long long>(m_written.shiftNs);
    }

    std::string slotAt(std::int64_t milliseconds)
    {
        m_slots.push_back(milliseconds);
        return "ts" + std::to_string(m_slots.size());
    }

    std::int64_t millisecondsOf(RecordingTime time)
    {
        const Nanos shifted = time.ns + m_written.shiftNs;
        if (shifted % kNanosPerMillisecond != 0)
            ++m_written.roundedBorders;
        return std::max<std::int64_t>(0, roundToMilliseconds(shifted));
    }

    void writeTier(const AnnotationTier &tier)
    {
        pugi::xml_node node = m_root.append_child("TIER");
        node.append_attribute("LINGUISTIC_TYPE_REF") =
            (std::string(kKindPrefix) + (tier.kind == TierKind::text ? "text" : "label")).c_str();
        node.append_attribute("TIER_ID") = xmlText(tier.name).c_str();
        for (const Annotation &annotation : tier.annotations) {
            const std::int64_t start = millisecondsOf(annotation.start);
            const std::int64_t end = std::max(millisecondsOf(annotation.end), start + 1);
            pugi::xml_node inner = node.append_child("ANNOTATION").append_child("ALIGNABLE_ANNOTATION");
            inner.append_attribute("ANNOTATION_ID") = ("a" + std::to_string(++m_annotations)).c_str();
            inner.append_attribute("TIME_SLOT_REF1") = slotAt(start).c_str();
            inner.append_attribute("TIME_SLOT_REF2") = slotAt(end).c_str();
            inner.append_child("ANNOTATION_VALUE").text() = xmlText(annotation.label).c_str();
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

    void writeTypes()
    {
        for (const char *kind : {"label", "text"}) {
            pugi::xml_node type = m_root.append_child("LINGUISTIC_TYPE");
            type.append_attribute("GRAPHIC_REFERENCES") = "false";
            type.append_attribute("LINGUISTIC_TYPE_ID") = (std::string(kKindPrefix) + kind).c_str();
            type.append_attribute("TIME_ALIGNABLE") = "true";
        }
    }

    const std::vector<AnnotationTier> &m_tiers;
    EafWritten m_written;
    pugi::xml_document m_document;
    pugi::xml_node m_root;
    std::vector<std::int64_t> m_slots;
    std::size_t m_annotations = 0;
};

std::optional<std::int64_t> wholeNumber(const char *text)
{
    std::int64_t value = 0;
    const char *end = text + std::strlen(text);
    const auto [at, failure] = std::from_chars(text, end, value);
    return failure == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

class EafReader {
public:
    EafReader(const std::filesystem::path &path, const pugi::xml_node &root) : m_path(path), m_root(root)
    {
        for (const pugi::xml_node property : root.child("HEADER").children("PROPERTY")) {
            if (std::string_view(property.attribute("NAME").value()) == kShiftProperty)
                m_shiftNs = wholeNumber(property.text().get()).value_or(0);
        }
        if (m_shiftNs % kNanosPerMillisecond != 0 || std::abs(m_shiftNs) > kMostMilliseconds * kNanosPerMillisecond)
            throw Error(m_path, std::string("its property ") + kShiftProperty + " is not sound");
        readSlots();
    }

    std::vector<AnnotationTier> tiers()
    {
        readAlignable();
        // Tiers may refer to tiers that stand below them, so this goes round until nothing new is found.
        constexpr int kDeepestTiers = 64;
        for (int depth = 0; depth < kDeepestTiers && readReferring(); ++depth) { }
        std::vector<AnnotationTier> tiers;
        for (const pugi::xml_node node : m_root.children("TIER")) {
            const std::string name = node.attribute("TIER_ID").value();
            const bool isText = std::string_view(node.attribute("LINGUISTIC_TYPE_REF").value()).ends_with("text");
            AnnotationTier tier{name.empty() ? "tier" : name, isText ? TierKind::text : TierKind::label, {}};
            for (const pugi::xml_node annotation : node.children("ANNOTATION")) {
                const pugi::xml_node inner = annotation.first_child();
                const auto interval = m_intervals.find(inner.attribute("ANNOTATION_ID").value());
                if (interval != m_intervals.end())
                    tier.annotations.push_back({toRecording(interval->second.first), toRecording(interval->second.second),
                                                inner.child("ANNOTATION_VALUE").text().get()});
            }
            std::ranges::stable_sort(tier.annotations, {}, &Annotation::start);
            tiers.push_back(std::move(tier));
        }
        return tiers;
    }

private:
    /** Nanoseconds: subdivisions need not fall on milliseconds. */
    using Interval = std::pair<Nanos, Nanos>;
    static constexpr std::int64_t kMostMilliseconds = 3'200'000'000'000; // a century

    RecordingTime toRecording(Nanos elanNs) const { return {elanNs - m_shiftNs}; }

    void readSlots()
    {
        std::vector<std::pair<std::string, std::optional<Nanos>>> slots;
        for (const pugi::xml_node slot : m_root.child("TIME_ORDER").children("TIME_SLOT")) {
            std::optional<Nanos> time;
            if (const pugi::xml_attribute value = slot.attribute("TIME_VALUE")) {
                const auto milliseconds = wholeNumber(value.value());
                if (!milliseconds || std::abs(*milliseconds) > kMostMilliseconds)
                    throw Error(m_path, std::string("time slot ") + slot.attribute("TIME_SLOT_ID").value() +
                                            " has no whole number of milliseconds");
                time = *milliseconds * kNanosPerMillisecond;
            }
            slots.emplace_back(slot.attribute("TIME_SLOT_ID").value(), time);
        }
        for (std::size_t at = 0; at < slots.size(); ++at) {
            if (!slots[at].second)
                spread(slots, at);
            m_slots.emplace(slots[at].first, *slots[at].second);
        }
    }

    /** Gives the run of slots without a time that begins at `at` even times between their neighbours. */
    static void spread(std::vector<std::pair<std::string, std::optional<Nanos>>> &slots, std::size_t at)
    {
        std::size_t next = at;
        while (next < slots.size() && !slots[next].second)
            ++next;
        const Nanos before = at > 0 ? *slots[at - 1].second : 0;
        const Nanos after = next < slots.size() ? *slots[next].second : before;
        const auto parts = static_cast<Nanos>(next - at + 1);
        for (std::size_t index = at; index < next; ++index)
            slots[index].second = before + (after - before) / parts * static_cast<Nanos>(index - at + 1);
    }

    Nanos slotTime(const pugi::xml_node &annotation, const char *attribute) const
    {
        const auto found = m_slots.find(annotation.attribute(attribute).value());
        if (found == m_slots.end())
            throw Error(m_path, std::string("annotation ") + annotation.attribute("ANNOTATION_ID").value() +
                                    " names a time slot that is not there");
        return found->second;
    }

    void readAlignable()
    {
        for (const pugi::xml_node tier : m_root.children("TIER")) {
            for (const pugi::xml_node annotation : tier.children("ANNOTATION")) {
                const pugi::xml_node inner = annotation.child("ALIGNABLE_ANNOTATION");
                if (!inner)
                    continue;
                const Interval interval(slotTime(inner, "TIME_SLOT_REF1"), slotTime(inner, "TIME_SLOT_REF2"));
                if (interval.second < interval.first)
                    throw Error(m_path, std::string("annotation ") + inner.attribute("ANNOTATION_ID").value() +
                                            " ends before it starts");
                m_intervals.emplace(inner.attribute("ANNOTATION_ID").value(), interval);
            }
        }
    }

    /** Whether any annotation got its time from one it refers to. */
    bool readReferring()
    {
        bool isProgress = false;
        for (const pugi::xml_node tier : m_root.children("TIER")) {
            std::map<std::string, std::vector<std::string>> byParent;
            for (const pugi::xml_node annotation : tier.children("ANNOTATION")) {
                if (const pugi::xml_node inner = annotation.child("REF_ANNOTATION"))
                    byParent[inner.attribute("ANNOTATION_REF").value()].emplace_back(inner.attribute("ANNOTATION_ID").value());
            }
            for (const auto &[parent, children] : byParent) {
                const auto found = m_intervals.find(parent);
                if (found == m_intervals.end())
                    continue;
                const auto [from, to] = found->second;
                const auto parts = static_cast<Nanos>(children.size());
                for (Nanos part = 0; part < parts; ++part)
                    isProgress |= m_intervals
                                      .try_emplace(children[static_cast<std::size_t>(part)],
                                                   from + (to - from) / parts * part,
                                                   part + 1 == parts ? to : from + (to - from) / parts * (part + 1))
                                      .second;
            }
        }
        return isProgress;
    }

    const std::filesystem::path &m_path;
    pugi::xml_node m_root;
    Nanos m_shiftNs = 0;
    std::map<std::string, Nanos> m_slots;
    std::map<std::string, Interval> m_intervals;
};

} // namespace

EafWritten writeEaf(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers,
                    const std::optional<EafMedia> &media)
{
    const EafWriter writer(tiers, media);
    writeFileAtomically(path, writer.text());
    return writer.written();
}

std::vector<AnnotationTier> readEaf(const std::filesystem::path &path)
{
    const std::string text = readTextFile(path);
    pugi::xml_document document;
    const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
    const pugi::xml_node root = document.child("ANNOTATION_DOCUMENT");
    if (!result || !root)
        throw Error(path, std::string("is not an ELAN annotation file") +
                              (result ? "" : std::string(" (") + result.description() + ")"));
    return EafReader(path, root).tiers();
}

} // namespace kino
