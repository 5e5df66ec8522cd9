#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/data/annotations/tier_import.h"
#include "core/data/formats/annotation_file.h"

namespace kino::cli {
namespace {

struct Options {
    std::string project, recording, exportFile, importFile;
};

std::vector<AnnotationTier> tiersOf(const RecordingEntry &entry) { return entry.recording.tiers; }

std::size_t countOf(const std::vector<AnnotationTier> &tiers)
{
    std::size_t count = 0;
    for (const AnnotationTier &tier : tiers)
        count += tier.annotations.size();
    return count;
}

void exportTo(const Context &context, const RecordingEntry &entry, const TierVocabularies &vocabularies, const std::filesystem::path &file)
{
    if (file.extension() == ".csv") {
        writeAnnotationCsv(file, tiersOf(entry));
        return;
    }
    std::optional<EafMedia> media;
    for (const VideoTrack &video : entry.recording.videos) {
        if (video.storage == VideoStorage::container && !media)
            media = EafMedia{video.path, video.clock.toRecording(video.start), video.clock.driftPpm};
    }
    const EafWritten written = writeEaf(file, tiersOf(entry), media, vocabularies);
    if (written.roundedBorders > 0)
        say(context, "kino: ELAN counts whole milliseconds: " + std::to_string(written.roundedBorders) + " borders were rounded");
    if (written.shiftNs != 0)
        say(context, "kino: ELAN's times are the recording's " + std::string(written.shiftNs > 0 ? "+ " : "- ") +
                         seconds(std::abs(written.shiftNs)) + "; reading the file back undoes this");
    if (media && !written.isMediaLinked)
        say(context, "kino: annotations begin before the video, which ELAN cannot show: no video is linked");
}

/** The tiers of a file on the recording's clock, saying where that took a decision. */
ImportedTiers importFrom(const Context &context, const Recording &recording, const std::filesystem::path &file)
{
    if (file.extension() != ".eaf")
        return {readAnnotationFile(file), {}, false};
    PlacedTiers placed = placeOnRecording(readEafDocument(file), recording);
    if (placed.how == EafPlacement::byVideo)
        say(context, "kino: times are those of the video " + placed.video + ", by its clock in this project");
    else if (placed.how == EafPlacement::asItIs && !recording.videos.empty())
        say(context,
            "kino: none of the recording's videos is linked in " + file.string()
                + ": ELAN's zero was taken for the recording's");
    return {std::move(placed.tiers), std::move(placed.vocabularies), true};
}

/** Tiers that have no label set yet get the file's. */
void takeLabelSets(const Context &context, Project &project, RecordingId id, const ImportedTiers &imported)
{
    AnnotationIds ids = project.reserveIds();
    const std::vector<LabelSet> there = project.labelSets();
    const ImportedLabelSets placed = placeLabelSets(imported.vocabularies, there, [&] { return freeLabelSetId(ids, there); });
    for (const LabelSet &set : placed.added) {
        project.addLabelSet(set);
        say(context, "kino: the label set \"" + set.name + "\" came with it");
    }
    const std::vector<StoredTier> tiers = project.tiers(id);
    for (std::size_t place = 0; place < imported.tiers.size(); ++place) {
        const auto tier = std::ranges::find(tiers, imported.tiers[place].name, &StoredTier::name);
        if (imported.vocabularies.of(place) && tier != tiers.end() && !tier->labelSet)
            project.setTierLabelSet(std::vector{tier->id}, placed.ids[*imported.vocabularies.ofTier[place]]);
    }
}

int run(const Context &context, const Options &options)
{
    Project project = openProject(context, options.project);
    const RecordingId id = project.findRecording(options.recording);
    std::vector<AnnotationTier> tiers;
    if (!options.exportFile.empty()) {
        const RecordingEntry entry = project.recording(id);
        tiers = tiersOf(entry);
        exportTo(context, entry, vocabulariesOf(project.tiers(id), project.labelSets()), options.exportFile);
    } else {
        ImportedTiers imported = importFrom(context, project.recording(id).recording, options.importFile);
        const std::vector<StoredTier> known = project.tiers(id);
        for (AnnotationTier &tier : imported.tiers) {
            const auto same = std::ranges::find(known, tier.name, &StoredTier::name);
            if (!imported.saysKind && same != known.end())
                tier.kind = same->kind;
        }
        project.replaceTiers(id, imported.tiers);
        takeLabelSets(context, project, id, imported);
        tiers = std::move(imported.tiers);
    }
    const std::string &file = options.exportFile.empty() ? options.importFile : options.exportFile;
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    for (const AnnotationTier &tier : tiers)
        names.push_back({{"tier", tier.name}, {"count", tier.annotations.size()}});
    if (context.json)
        printJson({{"id", id}, {"file", file}, {"annotations", std::move(names)}});
    else
        printText(std::to_string(countOf(tiers)) + (countOf(tiers) == 1 ? " annotation in " : " annotations in ") +
                  std::to_string(tiers.size()) + (tiers.size() == 1 ? " tier " : " tiers ") +
                  (options.exportFile.empty() ? "read from " : "written to ") + file + "\n");
    return kDone;
}

} // namespace

void addAnnotationsCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "annotations", "Write a recording's annotations to a file, or take them from one; tiers of the same name are replaced",
        "kino annotations study.kino ride --export ride.eaf");
    command->add_option("P.kino", options->project, "The project")->required()->check(notEmpty());
    command->add_option("RECORDING", options->recording, "Name or id")->required()->check(notEmpty());
    CLI::Option *to = command->add_option("--export", options->exportFile, "FILE.csv (tier,start_ns,end_ns,label) or FILE.eaf (ELAN)")
                          ->check(fileEndingIn({".csv", ".eaf"}));
    CLI::Option *from = command->add_option("--import", options->importFile, "FILE.csv or FILE.eaf")
                            ->check(fileEndingIn({".csv", ".eaf"}))
                            ->excludes(to);
    program.onRun(command, [options, to, from, &context = program.context] {
        if (to->count() + from->count() != 1)
            throw CLI::ValidationError("say what to do: --export FILE or --import FILE");
        return run(context, *options);
    });
}

} // namespace kino::cli
