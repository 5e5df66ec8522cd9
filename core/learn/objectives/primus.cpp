#include "core/learn/objectives/primus.h"

#include "core/base/error.h"
#include "core/learn/objective_infos.h"
#include "core/learn/similarity.h"

#include <algorithm>

namespace kino {

PrimusObjective::PrimusObjective(const ObjectiveSetup &setup)
    : Objective(setup), m_chain(chosenAugmentations(setup))
{
    const nlohmann::json options = completeOptions(objectiveInfo("primus").options, setup.options);
    m_share = options.at("ssl_share");
    m_hasSelfSupervision = options.at("self_supervision").get<bool>() && m_share > 0;
    m_hasNeighbours = options.at("neighbours");
    m_isAnyRecording = options.at("neighbour_recordings") == "any";
    if (options.at("multimodal").get<bool>() && m_share < 1) {
        for (const auto &[name, width] : setup.paired)
            m_modalities.push_back(name);
    }
    if (!m_hasSelfSupervision && m_modalities.empty() && !(m_hasNeighbours && m_share > 0))
        throw Error("The objective primus without self-supervision needs embeddings beside the windows (data.embeddings).");
    std::int64_t sslWidth = m_width, mmWidth = m_width;
    const std::vector<std::string> heads = m_encoder ? m_encoder->heads() : std::vector<std::string>();
    if (std::ranges::find(heads, "ssl") != heads.end()) {
        const torch::Tensor probe = torch::zeros({1, m_width});
        sslWidth = m_encoder->head("ssl", probe).size(1);
        mmWidth = m_encoder->head("mmcl", probe).size(1);
    } else {
        m_ssl = register_module("ssl_head", std::make_shared<torch::nn::LinearImpl>(m_width, m_width));
        mmWidth = m_modalities.empty() ? m_width : setup.paired.at(m_modalities.front());
        m_mmcl = register_module("mmcl_head", std::make_shared<torch::nn::LinearImpl>(m_width, mmWidth));
    }
    for (const std::string &name : m_modalities) {
        if (setup.paired.at(name) != mmWidth)
            throw Error("The embeddings of the " + name + " are " + std::to_string(setup.paired.at(name)) + " wide, the encoder's head mmcl " + std::to_string(mmWidth)
                        + "; choose the encoder's option width so that they are alike.");
    }
    const double temperature = options.at("temperature");
    m_mmTemperature = register_module("mmcl_temperature", std::make_shared<Temperature>(temperature));
    m_sslTemperature = register_module("ssl_temperature", std::make_shared<Temperature>(temperature));
    if (!m_hasNeighbours)
        return;
    const std::int64_t queue = options.at("queue");
    m_imuQueue = register_buffer("imu_queue", torch::zeros({queue, sslWidth}));
    for (const std::string &name : m_modalities) {
        m_modalityQueues[name] = register_buffer(name + "_queue", torch::zeros({queue, setup.paired.at(name)}));
        m_modalityKnown[name] = register_buffer(name + "_known", torch::zeros({queue}));
    }
    m_recordings = register_buffer("queue_recordings", torch::full({queue}, -1, torch::kInt64));
    m_place = register_buffer("queue_place", torch::zeros({}, torch::kInt64));
}

torch::Tensor PrimusObjective::findNeighbours(const torch::Tensor &ssl, const LearningBatch &batch) const
{
    const torch::NoGradGuard guard;
    // The reference asks the video's queue where there is video, then the text's, then the windows' own.
    const auto has = [this](const char *name) { return std::ranges::find(m_modalities, name) != m_modalities.end(); };
    const std::string asked = has("video") ? "video" : has("text") ? "text" : "";
    const torch::Tensor query = asked.empty() ? ssl.detach() : pairedIn(batch, asked).vectors;
    const torch::Tensor queue = asked.empty() ? m_imuQueue : m_modalityQueues.at(asked);
    torch::Tensor similarity = cosineSimilarity(query.to(queue.dtype()), queue);
    const double never = -std::numeric_limits<double>::infinity();
    similarity = similarity.masked_fill((m_recordings < 0).unsqueeze(0), never);
    if (!asked.empty())
        similarity = similarity.masked_fill((m_modalityKnown.at(asked) < 0.5).unsqueeze(0), never);
    if (!m_isAnyRecording)
        similarity = similarity.masked_fill(batch.recordings.unsqueeze(1) == m_recordings.unsqueeze(0), never);
    const auto [best, place] = similarity.max(1);
    torch::Tensor found = torch::isfinite(best);
    if (!asked.empty())
        found = found & (pairedIn(batch, asked).mask > 0.5);
    return torch::where(found, place, torch::full_like(place, -1));
}

void PrimusObjective::enqueue(const torch::Tensor &ssl, const LearningBatch &batch)
{
    const torch::NoGradGuard guard;
    const std::int64_t size = m_imuQueue.size(0);
    // Of a batch larger than the queue only the last rows would stay.
    const std::int64_t count = std::min(ssl.size(0), size);
    const auto last = [count](const torch::Tensor &rows) { return rows.detach().slice(0, rows.size(0) - count); };
    const torch::Tensor places = (torch::arange(count, torch::TensorOptions(torch::kInt64).device(m_imuQueue.device())) + m_place) % size;
    m_imuQueue.index_copy_(0, places, last(ssl).to(m_imuQueue.dtype()));
    for (auto &[name, queue] : m_modalityQueues) {
        const PairedEmbeddings &paired = pairedIn(batch, name);
        queue.index_copy_(0, places, last(paired.vectors).to(queue.dtype()));
        torch::Tensor &known = m_modalityKnown.at(name);
        known.index_copy_(0, places, last(paired.mask).to(known.dtype()));
    }
    m_recordings.index_copy_(0, places, last(batch.recordings));
    m_place.add_(count).remainder_(size);
}

std::map<std::string, torch::Tensor> PrimusObjective::weights() const
{
    std::map<std::string, torch::Tensor> kept = Objective::weights();
    std::erase_if(kept, [](const auto &each) { return each.first.find("queue") != std::string::npos || each.first.ends_with("_known"); });
    return kept;
}

ObjectiveLoss PrimusObjective::loss(const LearningBatch &batch)
{
    const torch::Tensor plain = embed(batch.views.at(0));
    const auto ssl = [this](const torch::Tensor &embedding) { return m_ssl ? m_ssl->forward(embedding) : head("ssl", embedding); };
    const torch::Tensor own = ssl(plain);
    ObjectiveLoss result;
    const double mmShare = 1 - m_share;
    const InfoNceOptions sslOptions{.temperature = m_sslTemperature->value()};
    const auto mmOptions = [this](const torch::Tensor &mask) { return InfoNceOptions{.temperature = m_mmTemperature->value(), .mask = mask}; };
    torch::Tensor mm;
    if (!m_modalities.empty())
        mm = m_mmcl ? m_mmcl->forward(plain) : head("mmcl", plain);
    for (const std::string &name : m_modalities) {
        const PairedEmbeddings &paired = pairedIn(batch, name);
        result.terms.push_back({"mmcl_" + name, infoNce(mm, paired.vectors, mmOptions(paired.mask)), mmShare});
    }
    if (m_hasSelfSupervision) {
        const torch::Tensor view = ssl(embed(batch.views.at(1)));
        result.terms.push_back({"ssl", infoNce(own, view, sslOptions), m_share});
        result.observations.emplace_back("matching_accuracy", matchingAccuracy(own, view));
    }
    if (m_hasNeighbours) {
        const torch::Tensor places = findNeighbours(own, batch);
        // Rows without a neighbour are left out of the denominators too: they have nothing that could be a negative.
        const auto term = [&](const std::string &name, const torch::Tensor &rows, const torch::Tensor &queue, const torch::Tensor &known, const InfoNceOptions &options,
                              double weight) {
            const torch::Tensor found = torch::nonzero((places >= 0) & (known.index_select(0, places.clamp_min(0)) > 0.5)).squeeze(1);
            const torch::Tensor value = found.size(0) < 2
                                            ? rows.sum() * 0
                                            : infoNce(rows.index_select(0, found), queue.index_select(0, places.index_select(0, found)).to(rows.dtype()), options);
            result.terms.push_back({name, value, weight});
        };
        for (const std::string &name : m_modalities)
            term("neighbour_" + name, mm, m_modalityQueues.at(name), m_modalityKnown.at(name), {.temperature = m_mmTemperature->value()}, mmShare);
        if (m_share > 0)
            term("neighbour_imu", own, m_imuQueue, torch::ones_like(m_recordings), sslOptions, m_share);
        result.observations.emplace_back("neighbours_found", (places >= 0).to(torch::kFloat32).mean());
        if (is_training())
            enqueue(own, batch);
    }
    result.observations.emplace_back("ssl_temperature", m_sslTemperature->value().detach());
    if (!m_modalities.empty())
        result.observations.emplace_back("mmcl_temperature", m_mmTemperature->value().detach());
    return result;
}

} // namespace kino
