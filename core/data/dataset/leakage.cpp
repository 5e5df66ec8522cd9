#include "core/data/dataset/leakage.h"

#include "core/base/error.h"
#include "core/base/named_option.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <set>

namespace kino {
namespace {

/** So many pairs or names are said one by one. */
constexpr std::size_t kMostNamed = 5;
/** So many simultaneous pairs are looked for: thousands of recordings of one hour are millions of pairs. */
constexpr std::size_t kMostPairs = 1000;

unsigned bitOf(SplitPart part) { return 1U << static_cast<unsigned>(part); }

/** "train+test" */
std::string namesOf(unsigned parts)
{
    std::vector<std::string> names;
    for (const SplitPart part : {SplitPart::train, SplitPart::validation, SplitPart::test}) {
        if (parts & bitOf(part))
            names.emplace_back(splitPartName(part));
    }
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : "+") + name;
    return text;
}

/** Windows of one part of one recording, as ascending starts. */
using Starts = std::vector<Nanos>;

bool meetsAny(const Starts &starts, Nanos start, Nanos lengthNs)
{
    const auto next = std::ranges::upper_bound(starts, start - lengthNs);
    return next != starts.end() && *next < start + lengthNs;
}

std::size_t countOverlapping(const WindowTable &table)
{
    std::size_t count = 0;
    for (auto from = table.rows.begin(); from != table.rows.end();) {
        const auto end = std::find_if(from, table.rows.end(), [&](const WindowRow &row) { return row.recording != from->recording; });
        std::array<Starts, 3> starts;
        for (auto row = from; row != end; ++row)
            starts[static_cast<std::size_t>(row->part)].push_back(row->start.ns);
        for (Starts &ofPart : starts)
            std::ranges::sort(ofPart);
        for (auto row = from; row != end; ++row) {
            bool isSeen = false;
            for (std::size_t earlier = 0; earlier < static_cast<std::size_t>(row->part) && !isSeen; ++earlier)
                isSeen = meetsAny(starts[earlier], row->start.ns, table.lengthNs);
            count += isSeen;
        }
        from = end;
    }
    return count;
}

void findIdentical(const WindowTable &table, std::span<const RecordingTrace> traces, const std::vector<unsigned> &parts, LeakageVerdict &verdict)
{
    const ContentSketch none;
    std::vector<const ContentSketch *> sketches;
    std::vector<int> groups;
    for (std::size_t recording = 0; recording < traces.size(); ++recording) {
        sketches.push_back(parts[recording] == 0 ? &none : &traces[recording].content);
        groups.push_back(static_cast<int>(parts[recording]));
    }
    for (const ContentMatch &match : findCopies(sketches, groups)) {
        const RecordingPair pair{table.recordings[match.first].name, table.recordings[match.second].name, namesOf(parts[match.first]),
                                 namesOf(parts[match.second]), match.seconds};
        const bool isWithin = std::popcount(parts[match.first] | parts[match.second]) == 1;
        (isWithin ? verdict.copiesWithinParts : verdict.identicalRecordings).push_back(pair);
    }
}

void findSimultaneous(const WindowTable &table, std::span<const RecordingTrace> traces, const std::vector<unsigned> &parts,
                      LeakageVerdict &verdict)
{
    std::vector<std::size_t> order;
    for (std::size_t recording = 0; recording < traces.size(); ++recording) {
        if (parts[recording] != 0 && traces[recording].wallClockNs)
            order.push_back(recording);
    }
    // Those of one person beside one another, so that only they are compared.
    std::ranges::stable_sort(order, {}, [&](std::size_t recording) {
        return std::pair<std::string_view, Nanos>(table.recordings[recording].subject, traces[recording].wallClockNs->first);
    });
    for (std::size_t at = 0; at < order.size(); ++at) {
        const std::size_t first = order[at];
        const auto [firstFrom, firstTo] = *traces[first].wallClockNs;
        for (std::size_t next = at + 1; next < order.size() && verdict.simultaneousRecordings.size() < kMostPairs; ++next) {
            const std::size_t second = order[next];
            const auto [secondFrom, secondTo] = *traces[second].wallClockNs;
            if (table.recordings[second].subject != table.recordings[first].subject || secondFrom >= firstTo)
                break;
            if (std::popcount(parts[first] | parts[second]) > 1)
                verdict.simultaneousRecordings.push_back({table.recordings[first].name, table.recordings[second].name, namesOf(parts[first]),
                                                          namesOf(parts[second]), toSeconds(std::min(firstTo, secondTo) - secondFrom)});
        }
    }
}

std::string some(const std::vector<std::string> &names)
{
    std::vector<std::string> few(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kMostNamed, names.size())));
    return listOfWords(few) + (names.size() > few.size() ? " and " + std::to_string(names.size() - few.size()) + " more" : "");
}

std::string some(const std::vector<RecordingPair> &pairs)
{
    std::vector<std::string> names;
    for (const RecordingPair &pair : pairs)
        names.push_back(pair.first + " (" + pair.firstParts + ") and " + pair.second + " (" + pair.secondParts + ")");
    return some(names);
}

nlohmann::ordered_json pairsJson(const std::vector<RecordingPair> &pairs)
{
    auto list = nlohmann::ordered_json::array();
    for (const RecordingPair &pair : pairs)
        list.push_back({{"recordings", {pair.first, pair.second}}, {"splits", {pair.firstParts, pair.secondParts}}, {"seconds", pair.seconds}});
    return list;
}

std::string isOrAre(std::size_t count, const std::string &one, const std::string &many)
{
    return count == 1 ? "1 " + one + " is" : std::to_string(count) + " " + many + " are";
}

std::vector<std::string> findingsOf(const LeakageVerdict &verdict)
{
    std::vector<std::string> sentences;
    if (!verdict.sharedSubjects.empty())
        sentences.push_back(isOrAre(verdict.sharedSubjects.size(), "subject", "subjects") + " in more than one part of the split: "
                            + some(verdict.sharedSubjects) + ".");
    if (verdict.overlappingWindows > 0)
        sentences.push_back(std::to_string(verdict.overlappingWindows)
                            + (verdict.overlappingWindows == 1 ? " validation or test window overlaps" : " validation or test windows overlap")
                            + " in time with windows of the same recording in an earlier part.");
    if (!verdict.identicalRecordings.empty())
        sentences.push_back("Recordings in different parts hold the same samples: " + some(verdict.identicalRecordings) + ".");
    if (!verdict.simultaneousRecordings.empty())
        sentences.push_back("Recordings in different parts were taken of one person at the same time: " + some(verdict.simultaneousRecordings)
                            + ".");
    if (!verdict.pretrainedOnTestSubjects.empty())
        sentences.push_back("The starting weights have been trained on subjects that test: " + some(verdict.pretrainedOnTestSubjects) + ".");
    return sentences;
}

} // namespace

bool LeakageVerdict::isClean() const
{
    return sharedSubjects.empty() && overlappingWindows == 0 && identicalRecordings.empty() && simultaneousRecordings.empty()
        && pretrainedOnTestSubjects.empty();
}

LeakageVerdict judgeLeakage(const WindowTable &table, std::span<const RecordingTrace> traces, const std::vector<std::string> &pretrainedOn)
{
    LeakageVerdict verdict;
    std::vector<unsigned> parts(table.recordings.size());
    for (const WindowRow &row : table.rows)
        parts[row.recording] |= bitOf(row.part);
    std::map<std::string, unsigned> partsOfSubject;
    for (std::size_t recording = 0; recording < table.recordings.size(); ++recording) {
        const std::string &subject = table.recordings[recording].subject;
        if (subject.empty())
            verdict.recordingsWithoutSubject += parts[recording] != 0;
        else
            partsOfSubject[subject] |= parts[recording];
    }
    const std::set<std::string> seenBefore(pretrainedOn.begin(), pretrainedOn.end());
    for (const auto &[subject, ofSubject] : partsOfSubject) {
        if (std::popcount(ofSubject) > 1)
            verdict.sharedSubjects.push_back(subject);
        if ((ofSubject & bitOf(SplitPart::test)) && seenBefore.contains(subject))
            verdict.pretrainedOnTestSubjects.push_back(subject);
    }
    verdict.overlappingWindows = countOverlapping(table);
    if (traces.size() == table.recordings.size()) {
        findIdentical(table, traces, parts, verdict);
        findSimultaneous(table, traces, parts, verdict);
    }
    return verdict;
}

nlohmann::ordered_json leakageJson(const LeakageVerdict &verdict)
{
    return {{"clean", verdict.isClean()},
            {"shared_subjects", verdict.sharedSubjects},
            {"overlapping_windows", verdict.overlappingWindows},
            {"identical_recordings", pairsJson(verdict.identicalRecordings)},
            {"simultaneous_recordings", pairsJson(verdict.simultaneousRecordings)},
            {"pretrained_on_test_subjects", verdict.pretrainedOnTestSubjects},
            {"copies_within_a_split", pairsJson(verdict.copiesWithinParts)},
            {"recordings_without_subject", verdict.recordingsWithoutSubject}};
}

std::vector<std::string> leakageSentences(const LeakageVerdict &verdict)
{
    std::vector<std::string> sentences = findingsOf(verdict);
    if (sentences.empty())
        sentences.push_back(std::string("No leakage found: no ") + (verdict.recordingsWithoutSubject == 0 ? "subject, " : "")
                            + "time or recording is in more than one part of the split.");
    if (!verdict.copiesWithinParts.empty())
        sentences.push_back("Recordings of one part hold the same samples and count double: " + some(verdict.copiesWithinParts) + ".");
    if (verdict.recordingsWithoutSubject > 0)
        sentences.push_back(std::to_string(verdict.recordingsWithoutSubject)
                            + (verdict.recordingsWithoutSubject == 1 ? " recording names no subject" : " recordings name no subject")
                            + ": whether persons are shared between the parts cannot be told.");
    return sentences;
}

void requireNoLeakage(const LeakageVerdict &verdict)
{
    if (verdict.isClean())
        return;
    std::string all;
    for (const std::string &sentence : findingsOf(verdict))
        all += sentence + " ";
    throw Error("what would be tested on was trained on. " + all
                + "Split by subject, leave copies out, or set \"allow_leakage\": true if this is meant");
}

} // namespace kino
