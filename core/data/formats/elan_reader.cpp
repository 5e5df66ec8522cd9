// Reads ELAN's .eaf, by the ELAN Annotation Format's schema EAFv3.0, its own files and those of other programs.
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/formats/elan_names.h"
#include "core/data/formats/elan_vocabulary.h"
#include "core/data/recording.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <pugixml.hpp>
#include <set>

namespace kino {
namespace {

std::optional<std::int64_t> wholeNumber(const char *text)
{
    std::int64_t value = 0;
    const char *end = text + std::strlen(text);
    const auto [at, failure] = std::from_chars(text, end, value);
    return failure == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

std::string decodedUrl(std::string_view url)
{
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0'
            : c >= 'a' && c <= 'f'  ? c - 'a' + 10
            : c >= 'A' && c <= 'F'  ? c - 'A' + 10
                                    : -1;
    };
    std::string text;
    for (std::size_t at = 0; at < url.size(); ++at) {
        if (url[at] == '%' && at + 2 < url.size() && digit(url[at + 1]) >= 0 && digit(url[at + 2]) >= 0) {
            text += static_cast<char>(digit(url[at + 1]) * 16 + digit(url[at + 2]));
            at += 2;
        } else {
            text += url[at];
        }
    }
    return text;
}

/** The last part of a URL or path of any system. */
std::string fileNameOf(const std::string &url)
{
    const std::string path = decodedUrl(url);
    const auto slash = path.find_last_of("/\\");
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

class EafReader {
public:
    EafReader(const std::filesystem::path &path, const pugi::xml_node &root) : m_path(path), m_root(root)
    {
        readProperties();
        readSlots();
        spreadChains();
    }

    EafDocument document()
    {
        EafDocument document;
        document.tiers = tiers();
        document.vocabularies = elan::readVocabularies(m_root, document.tiers, m_tierNodes);
        for (std::size_t tier = 0; tier < document.tiers.size(); ++tier) {
            if (document.vocabularies.of(tier))
                document.tiers[tier].kind = TierKind::label;
        }
        document.written = m_written;
        for (const pugi::xml_node media : m_root.child("HEADER").children("MEDIA_DESCRIPTOR")) {
            EafLinkedMedia linked;
            linked.url = media.attribute("MEDIA_URL").value();
            linked.fileName
                = fileNameOf(linked.url.empty() ? media.attribute("RELATIVE_MEDIA_URL").value() : linked.url);
            const auto origin = wholeNumber(media.attribute("TIME_ORIGIN").value()).value_or(0);
            if (std::abs(origin) > kMostMilliseconds)
                throw Error(m_path, "the time origin of its media " + linked.fileName + " is not sound");
            linked.originNs = origin * kNanosPerMillisecond;
            document.media.push_back(std::move(linked));
        }
        return document;
    }

private:
    std::vector<AnnotationTier> tiers()
    {
        readAlignable();
        // Tiers may refer to tiers that stand below them, so this goes round until nothing new is found.
        constexpr int kDeepestTiers = 64;
        for (int depth = 0; depth < kDeepestTiers && readReferring(); ++depth) { }
        std::vector<AnnotationTier> tiers;
        for (const pugi::xml_node node : m_root.children("TIER")) {
            const std::string name = node.attribute("TIER_ID").value();
            const std::string_view type = node.attribute("LINGUISTIC_TYPE_REF").value();
            const bool isText = type.ends_with("text") && !type.starts_with(elan::kVocabularyTypePrefix);
            AnnotationTier tier{name.empty() ? "tier" : name, isText ? TierKind::text : TierKind::label, {}};
            for (const pugi::xml_node annotation : node.children("ANNOTATION")) {
                const pugi::xml_node inner = annotation.first_child();
                const auto interval = m_intervals.find(inner.attribute("ANNOTATION_ID").value());
                if (interval != m_intervals.end())
                    tier.annotations.push_back({{interval->second.first},
                                                {interval->second.second},
                                                inner.child("ANNOTATION_VALUE").text().get()});
            }
            const auto whole = m_partOf.find(tier.name);
            const auto into = whole == m_partOf.end() ? tiers.end()
                                                      : std::ranges::find(tiers, whole->second, &AnnotationTier::name);
            if (into != tiers.end()) {
                into->annotations.insert(into->annotations.end(), tier.annotations.begin(), tier.annotations.end());
                continue;
            }
            tiers.push_back(std::move(tier));
            m_tierNodes.push_back(node);
        }
        for (AnnotationTier &tier : tiers)
            std::ranges::stable_sort(tier.annotations, {}, &Annotation::start);
        return tiers;
    }

    /** Nanoseconds: subdivisions need not fall on milliseconds. */
    using Interval = std::pair<Nanos, Nanos>;
    static constexpr std::int64_t kMostMilliseconds = 3'200'000'000'000; // a century

    void readProperties()
    {
        std::optional<Nanos> shiftNs;
        double driftPpm = 0;
        for (const pugi::xml_node property : m_root.child("HEADER").children("PROPERTY")) {
            const std::string_view name = property.attribute("NAME").value();
            const std::string value = property.text().get();
            if (name == elan::kShiftProperty) {
                shiftNs = wholeNumber(value.c_str());
                if (!shiftNs || *shiftNs % kNanosPerMillisecond != 0
                    || std::abs(*shiftNs) > kMostMilliseconds * kNanosPerMillisecond)
                    throw Error(m_path, std::string("its property ") + elan::kShiftProperty + " is not sound");
            } else if (name == elan::kDriftProperty) {
                const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), driftPpm);
                constexpr double kMostPpm = 1e5;
                if (failure != std::errc() || end != value.data() + value.size() || !(std::abs(driftPpm) <= kMostPpm))
                    throw Error(m_path, std::string("its property ") + elan::kDriftProperty + " is not sound");
            } else if (name.starts_with(elan::kPartPrefix)) {
                m_partOf.emplace(name.substr(std::string_view(elan::kPartPrefix).size()), value);
            }
        }
        if (shiftNs)
            m_written = ClockMap<VideoClock>{-*shiftNs, driftPpm};
    }

    /**
     * Annotations of a tier that share borders without a time divide the time between the borders that have one evenly,
     * as ELAN shows them. TIME_ORDER alone does not say so: borders of other tiers may stand between theirs.
     */
    void spreadChains()
    {
        for (const pugi::xml_node tier : m_root.children("TIER")) {
            std::map<std::string, std::string> next;
            std::vector<std::string> starts;
            for (const pugi::xml_node annotation : tier.children("ANNOTATION")) {
                const pugi::xml_node inner = annotation.child("ALIGNABLE_ANNOTATION");
                if (!inner)
                    continue;
                next.emplace(inner.attribute("TIME_SLOT_REF1").value(), inner.attribute("TIME_SLOT_REF2").value());
                starts.emplace_back(inner.attribute("TIME_SLOT_REF1").value());
            }
            for (const std::string &start : starts)
                spreadFrom(start, next);
        }
    }

    void spreadFrom(const std::string &start, const std::map<std::string, std::string> &next)
    {
        if (m_open.contains(start))
            return;
        std::vector<std::string> between;
        for (auto at = next.find(start); at != next.end() && between.size() <= next.size();
             at = next.find(at->second)) {
            if (m_open.contains(at->second)) {
                between.push_back(at->second);
                continue;
            }
            const auto first = m_slots.find(start), last = m_slots.find(at->second);
            if (between.empty() || first == m_slots.end() || last == m_slots.end() || last->second < first->second)
                return;
            const auto parts = static_cast<Nanos>(between.size() + 1);
            for (std::size_t index = 0; index < between.size(); ++index)
                m_slots[between[index]]
                    = first->second + (last->second - first->second) / parts * static_cast<Nanos>(index + 1);
            return;
        }
    }

    void readSlots()
    {
        std::vector<std::pair<std::string, std::optional<Nanos>>> slots;
        for (const pugi::xml_node slot : m_root.child("TIME_ORDER").children("TIME_SLOT")) {
            std::optional<Nanos> time;
            if (const pugi::xml_attribute value = slot.attribute("TIME_VALUE")) {
                const auto milliseconds = wholeNumber(value.value());
                if (!milliseconds || std::abs(*milliseconds) > kMostMilliseconds)
                    throw Error(m_path,
                                std::string("time slot ") + slot.attribute("TIME_SLOT_ID").value()
                                    + " has no whole number of milliseconds");
                time = *milliseconds * kNanosPerMillisecond;
            }
            slots.emplace_back(slot.attribute("TIME_SLOT_ID").value(), time);
            if (!time)
                m_open.insert(slots.back().first);
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
            throw Error(m_path,
                        std::string("annotation ") + annotation.attribute("ANNOTATION_ID").value()
                            + " names a time slot that is not there");
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
                    throw Error(m_path,
                                std::string("annotation ") + inner.attribute("ANNOTATION_ID").value()
                                    + " ends before it starts");
                m_intervals.emplace(inner.attribute("ANNOTATION_ID").value(), interval);
            }
        }
    }

    struct Referring {
        std::string id, previous;
    };

    /** As PREVIOUS_ANNOTATION chains them; those that no chain reaches follow as they stand in the file. */
    static std::vector<std::string> inOrder(const std::vector<Referring> &referring)
    {
        std::map<std::string, std::vector<std::string>> following;
        std::set<std::string> ids;
        for (const Referring &one : referring)
            ids.insert(one.id);
        std::vector<std::string> order;
        for (const Referring &one : referring) {
            if (!one.previous.empty() && ids.contains(one.previous))
                following[one.previous].push_back(one.id);
            else
                order.push_back(one.id);
        }
        std::vector<std::string> ordered;
        std::set<std::string> done;
        const auto follow = [&](const std::string &first) {
            std::vector<std::string> waiting{first};
            while (!waiting.empty()) {
                const std::string id = waiting.back();
                waiting.pop_back();
                if (!done.insert(id).second)
                    continue;
                ordered.push_back(id);
                if (const auto found = following.find(id); found != following.end())
                    waiting.insert(waiting.end(), found->second.rbegin(), found->second.rend());
            }
        };
        for (const std::string &first : order)
            follow(first);
        for (const Referring &one : referring) // a circle has no first
            follow(one.id);
        return ordered;
    }

    /** Whether any annotation got its time from one it refers to. */
    bool readReferring()
    {
        bool isProgress = false;
        for (const pugi::xml_node tier : m_root.children("TIER")) {
            std::map<std::string, std::vector<Referring>> byParent;
            for (const pugi::xml_node annotation : tier.children("ANNOTATION")) {
                if (const pugi::xml_node inner = annotation.child("REF_ANNOTATION"))
                    byParent[inner.attribute("ANNOTATION_REF").value()].push_back(
                        {inner.attribute("ANNOTATION_ID").value(), inner.attribute("PREVIOUS_ANNOTATION").value()});
            }
            for (const auto &[parent, referring] : byParent) {
                const std::vector<std::string> children = inOrder(referring);
                const auto found = m_intervals.find(parent);
                if (found == m_intervals.end())
                    continue;
                const auto [from, to] = found->second;
                const auto parts = static_cast<Nanos>(children.size());
                for (Nanos part = 0; part < parts; ++part)
                    isProgress
                        |= m_intervals
                               .try_emplace(children[static_cast<std::size_t>(part)], from + (to - from) / parts * part,
                                            part + 1 == parts ? to : from + (to - from) / parts * (part + 1))
                               .second;
            }
        }
        return isProgress;
    }

    const std::filesystem::path &m_path;
    pugi::xml_node m_root;
    std::optional<ClockMap<VideoClock>> m_written;
    std::map<std::string, Nanos> m_slots;
    std::set<std::string> m_open; // slots without a time of their own
    std::map<std::string, std::string> m_partOf;
    std::map<std::string, Interval> m_intervals;
    std::vector<pugi::xml_node> m_tierNodes; // that the tiers are from
};

std::vector<AnnotationTier> mapped(std::vector<AnnotationTier> tiers, const ClockMap<VideoClock> &clock,
                                   Nanos ownAtZero)
{
    for (AnnotationTier &tier : tiers) {
        for (Annotation &annotation : tier.annotations) {
            annotation.start = clock.toRecording({annotation.start.ns + ownAtZero});
            annotation.end = clock.toRecording({annotation.end.ns + ownAtZero});
        }
    }
    return tiers;
}

} // namespace

EafDocument readEafDocument(const std::filesystem::path &path)
{
    const std::string text = readTextFile(path);
    pugi::xml_document document;
    const pugi::xml_parse_result result = document.load_buffer(
        text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single); // a blank can be a label
    const pugi::xml_node root = document.child("ANNOTATION_DOCUMENT");
    if (!result || !root)
        throw Error(path,
                    std::string("is not an ELAN annotation file")
                        + (result ? "" : std::string(" (") + result.description() + ")"));
    return EafReader(path, root).document();
}

std::vector<AnnotationTier> readEaf(const std::filesystem::path &path)
{
    EafDocument document = readEafDocument(path);
    return document.written ? mapped(std::move(document.tiers), *document.written, 0) : std::move(document.tiers);
}

PlacedTiers placeOnRecording(EafDocument document, const Recording &recording)
{
    if (document.written)
        return {mapped(std::move(document.tiers), *document.written, 0), std::move(document.vocabularies), EafPlacement::asWritten, {}};
    for (const EafLinkedMedia &media : document.media) {
        for (const VideoTrack &video : recording.videos) {
            if (video.path.filename().string() == media.fileName)
                return {mapped(std::move(document.tiers), video.clock, video.start.ns + media.originNs),
                        std::move(document.vocabularies), EafPlacement::byVideo, video.name};
        }
    }
    return {std::move(document.tiers), std::move(document.vocabularies), EafPlacement::asItIs, {}};
}

} // namespace kino
