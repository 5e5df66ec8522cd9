#include "core/learn/objective_infos.h"

#include "core/base/error.h"
#include "core/learn/loss_infos.h"

#include <algorithm>

namespace kino {
namespace {

NamedOption number(const char *name, double usual, double least, double most, const char *help) { return {name, usual, {}, least, most, false, help}; }
NamedOption whole(const char *name, std::int64_t usual, double least, double most, const char *help) { return {name, usual, {}, least, most, true, help}; }
NamedOption flag(const char *name, bool usual, const char *help) { return {name, usual, {}, 0, 0, false, help}; }
NamedOption word(const char *name, const char *usual, std::vector<std::string> allowed, const char *help) { return {name, usual, std::move(allowed), 0, 0, false, help}; }
NamedOption temperature(double usual) { return number("temperature", usual, 1e-4, 100, "Divides the cosines; a raw number, not an exponent."); }

std::vector<std::string> teachers()
{
    std::vector<std::string> names{"none"};
    for (const LossInfo &info : lossInfos()) {
        if (info.teaches && info.name != "moco")
            names.push_back(info.name);
    }
    return names;
}

} // namespace

const std::vector<ObjectiveInfo> &objectiveInfos()
{
    static const std::vector<ObjectiveInfo> infos = {
        {.name = "supervised",
         .title = "Classification by labels",
         .source = "cross-entropy; heads of IMU2CLIP (one Linear) and SelfHAR (1024 wide)",
         .options = {word("head", "embedding", {"embedding", "ssl", "mmcl"}, "What of the encoder is classified."),
                     whole("hidden", 0, 0, 65536, "Width of a hidden layer with ReLU before the classes; 0 for none."),
                     flag("unit_length", false, "The embedding is divided by its length before it is classified."),
                     word("class_weights", "none", {"none", "balanced"}, "balanced: each class counts the same, however many windows it has."),
                     number("label_smoothing", 0, 0, 0.99, "Share of the target that is spread over all classes."),
                     number("trunk_rate", 1, 0, 1, "The encoder's learning rate as a part of the classifier's.")},
         .needsLabels = true},
        {.name = "simclr",
         .title = "SimCLR on windows or pictures",
         .source = "Chen et al. 2020; for activity recognition Tang et al. 2020",
         .options = {temperature(0.1), word("reduction", "sum", {"sum", "mean"}, "Of the two views' cross-entropies; mean is the paper's."),
                     word("projection", "har", {"har", "moco", "none"}, "har: 256, 128, 50 wide; moco: as wide as the embedding, then 128; thrown away afterwards.")},
         .isContrastive = true,
         .signalAugmentations = "simclr-har",
         .pictureAugmentations = "moco-v2"},
        {.name = "multitask",
         .title = "Recognising what was done to a window",
         .source = "Saeed, Ozcelebi and Lukkien 2019, by SelfHAR's implementation",
         .options = {whole("hidden", 256, 1, 65536, "Width of each task's hidden layer.")},
         .takesAugmentations = false},
        {.name = "moco",
         .title = "Momentum contrast with a queue",
         .source = "He et al. 2020, Chen et al. 2020 (v2); IMG2IMU, whose own settings are not public",
         .options = {temperature(0.2), whole("queue", 4096, 2, 1 << 22, "Keys that are kept as negatives; divisible by the batch."),
                     number("momentum", 0.99, 0, 1, "Share of the slow encoder that stays at each step; 0.999 for a queue of 65,536."),
                     word("projection", "moco", {"moco", "linear"}, "moco: v2's hidden layer; linear: v1's."), whole("width", 128, 2, 65536, "Of queries and keys."),
                     flag("symmetric", false, "Each view is the query once; both losses are averaged.")},
         .isContrastive = true,
         .signalAugmentations = "simclr-har",
         .pictureAugmentations = "sensor-image"},
        {.name = "primus",
         .title = "Self-supervision, other modalities and nearest neighbours together",
         .source = "Das et al. 2025 (PRIMUS), reference implementation",
         .options = {number("ssl_share", 0.5, 0, 1, "Weight of the terms between windows; 1 minus it that of the other modalities."),
                     number("temperature", 0.1, 1e-3, 100, "Where both learned temperatures begin."),
                     flag("self_supervision", true, "The term between a window and its augmented view."),
                     flag("multimodal", true, "The terms with the embeddings that come with the windows, where they do."),
                     flag("neighbours", true, "The terms with nearest neighbours from a queue."), whole("queue", 8192, 2, 1 << 22, "Embeddings that are kept to look for neighbours."),
                     word("neighbour_recordings", "others", {"others", "any"}, "others: a neighbour is of another recording; any: as released.")},
         .isContrastive = true,
         .signalAugmentations = "primus-released",
         .pictureAugmentations = "sensor-image"},
        {.name = "contrast",
         .title = "Windows aligned with embeddings of another modality",
         .source = "Moon et al. 2023 (IMU2CLIP); with a distillation term the \"Ambient AI\" study",
         .options = {temperature(0.1), flag("learn_temperature", true, "IMU2CLIP since July 2023; the study kept 0.1."),
                     word("directions", "both", {"both", "rows"}, "The sum of both directions, or windows to embeddings alone."),
                     flag("contrast", true, "Off: distillation alone."), word("distillation", "none", teachers(), "A loss towards the embeddings as a teacher."),
                     {"distillation_options", nlohmann::json::object(), {}, 0, 0, false, "Of that loss."},
                     number("distillation_weight", 1, 0, 1e9, "What it counts beside the contrast; the study has 1."),
                     number("distillation_share", 0, 0, 1e3,
                            "Instead of the weight, where above 0: the length of its gradient at the first step as a part of the contrast's.")},
         .isContrastive = true,
         .embeddings = {"text", "video"}},
        {.name = "triplet",
         .title = "Triplets with embeddings of another modality",
         .source = "the \"Ambient AI\" study",
         .options = {word("negatives", "anchors", {"anchors", "cyclic"}, "anchors: the closest other window, as released; cyclic: the next embedding (\"CS\", our reading)."),
                     number("margin", 0.2, 0, 1e3, "How much further away the negative is to be.")},
         .isContrastive = true,
         .embeddings = {"text", "video"}}};
    return infos;
}

nlohmann::json usualAugmentations(const ObjectiveInfo &info, AugmentationInput input)
{
    const std::string &preset = input == AugmentationInput::picture ? info.pictureAugmentations : info.signalAugmentations;
    return preset.empty() ? nlohmann::json::array() : augmentationPreset(preset).chain;
}

const ObjectiveInfo &objectiveInfo(const std::string &name)
{
    const auto found = std::ranges::find(objectiveInfos(), name, &ObjectiveInfo::name);
    if (found != objectiveInfos().end())
        return *found;
    std::vector<std::string> known;
    for (const ObjectiveInfo &each : objectiveInfos())
        known.push_back(each.name);
    throw Error("There is no objective \"" + name + "\"; there are " + listOfWords(known) + ".");
}

std::vector<std::string> objectiveOptionProblems(const ObjectiveInfo &info, const nlohmann::json &options)
{
    std::vector<std::string> problems = optionProblems("the objective " + info.name, info.options, options);
    if (!problems.empty())
        return problems;
    const nlohmann::json all = completeOptions(info.options, options);
    if (info.name == "contrast") {
        const std::string distillation = all.at("distillation");
        if (distillation != "none")
            problems = lossOptionProblems(lossInfo(distillation), all.at("distillation_options"));
        else if (!all.at("distillation_options").empty())
            problems.push_back("\"distillation_options\" of the objective contrast belong to a distillation; name one in \"distillation\".");
        if (distillation == "none" && !all.at("contrast").get<bool>())
            problems.push_back("The objective contrast without \"contrast\" and without \"distillation\" has nothing to learn from.");
        if (all.at("distillation_share").get<double>() > 0 && !all.at("contrast").get<bool>())
            problems.push_back("\"distillation_share\" of the objective contrast is a part of the contrast's gradient, which is off; give \"distillation_weight\".");
    }
    if (info.name == "primus" && !all.at("self_supervision").get<bool>() && !all.at("multimodal").get<bool>() && !all.at("neighbours").get<bool>())
        problems.push_back("The objective primus with all of its terms switched off has nothing to learn from.");
    return problems;
}

} // namespace kino
