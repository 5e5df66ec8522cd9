// What is learned: an encoder with heads, and from a batch its loss, term by term. Objectives say which views of a window
// they want; making those is the loader's. A module belongs to one thread at a time.
#pragma once

#include "core/base/named_option.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/nn/encoder.h"

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kino {

/** Embeddings of the same instants by another model: text, video. Rows whose mask is 0 have none. */
struct PairedEmbeddings {
    torch::Tensor vectors; // [B, D]
    torch::Tensor mask;    // [B], 1 or 0
};

struct LearningBatch {
    /** One for each view, [B, C, T] or [B, 3, H, W]; [B, D] where windows were embedded before. */
    std::vector<torch::Tensor> views;
    torch::Tensor labels;     // [B] int64, -1 for none
    torch::Tensor recordings; // [B] int64, a number for each recording
    torch::Tensor variants;   // [B] int64, which version of the window each row is (Objective::variants())
    std::map<std::string, PairedEmbeddings> paired;
};

struct LossTerm {
    std::string name;
    torch::Tensor value; // a scalar
    double weight = 1;
};

struct ObjectiveLoss {
    std::vector<LossTerm> terms;
    /** What is worth a look beside the loss, scalars without gradients: temperatures, accuracies in the batch. */
    std::vector<std::pair<std::string, torch::Tensor>> observations;

    /** The weighted sum. */
    torch::Tensor total() const;
};

/** What an objective is made from. */
struct ObjectiveSetup {
    std::string name;
    nlohmann::json options = nlohmann::json::object();
    /** nullptr where windows were embedded before: views are [B, `width`] then. */
    std::shared_ptr<Encoder> encoder;
    std::string encoderName;
    nlohmann::json encoderOptions = nlohmann::json::object();
    /** Of what encoder gives; of the embeddings without one. */
    std::int64_t width = 0;
    /** The encoder is not learned and works as in evaluation. */
    bool freezeEncoder = false;
    SampleShape shape;
    /** As a specification has it: [{"name", "options"}]; nothing where the objective's own are wanted. */
    std::optional<nlohmann::json> augmentations;
    std::vector<std::string> classes;
    /** Of the training windows, by class. */
    std::vector<std::int64_t> classCounts;
    /** Widths of the embeddings that come with the windows, by name. */
    std::map<std::string, std::int64_t> paired;
};

/** Numbers in which an encoder multiplies; losses are always computed in float32. */
enum class Precision { float32, bfloat16 };

class Objective : public torch::nn::Module {
public:
    explicit Objective(const ObjectiveSetup &setup);

    /** How many versions of each window an epoch holds; the loader goes through all of them. */
    virtual std::size_t variants() const { return 1; }
    virtual std::size_t views() const { return 1; }
    /** How a view of a variant is made; an empty chain leaves the window as it is. */
    virtual const AugmentationChain &chain(std::size_t view, std::size_t variant) const = 0;
    /** The least rows of a batch that mean something: 2 for contrasts. */
    virtual std::int64_t leastBatch() const { return 1; }

    /**
     * In training mode queues and slow copies go on too; in evaluation nothing changes. The caller chooses the mode and, in
     * evaluation, turns gradients off. Throws Error for a batch that lacks what it needs.
     */
    virtual ObjectiveLoss loss(const LearningBatch &batch) = 0;
    /** [B, classes], where the objective classifies. Throws Error where it does not. */
    virtual torch::Tensor logits(const torch::Tensor &view);
    virtual bool classifies() const { return false; }

    /** What is learned at the optimizer's rate, and what at another: heads, trunk. */
    virtual std::vector<std::pair<std::vector<torch::Tensor>, double>> parameterGroups() const;
    /** A frozen encoder stays in evaluation. */
    void train(bool on = true) override;

    const std::shared_ptr<Encoder> &encoder() const { return m_encoder; }
    void setPrecision(Precision precision) { m_precision = precision; }
    /** What is worth keeping of it: encoder and heads without queues and slow copies. */
    virtual std::map<std::string, torch::Tensor> weights() const;

protected:
    /** The encoder's embedding; the view itself where windows were embedded before. */
    torch::Tensor embed(const torch::Tensor &view);
    torch::Tensor embedBy(Encoder &encoder, const torch::Tensor &view) const;
    torch::Tensor head(const std::string &name, const torch::Tensor &embedding);

    std::shared_ptr<Encoder> m_encoder;
    bool m_isFrozen = false;
    Precision m_precision = Precision::float32;
    std::int64_t m_width = 0;
};

/** Those of the specification, or the objective's usual ones for this shape. */
AugmentationChain chosenAugmentations(const ObjectiveSetup &setup);
/** Throws Error naming what is missing. */
const PairedEmbeddings &pairedIn(const LearningBatch &batch, const std::string &name);
/** Share of rows (and of columns) of [B, B] similarities whose largest is on the diagonal. */
torch::Tensor matchingAccuracy(const torch::Tensor &a, const torch::Tensor &b);

} // namespace kino
