#include "core/learn/batch_loader.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <cstring>

namespace kino {
namespace {

/** Keeps the numbers of augmentations apart from all others that come from a run's seed. */
constexpr std::uint64_t kAugmentationStream = 0x4155474D;

torch::Tensor emptyBatch(const SampleSource &source, std::int64_t count)
{
    const SampleShape &shape = source.shape;
    if (source.isEmbedded)
        return torch::empty({count, shape.length});
    if (shape.isPicture())
        return torch::empty({count, shape.channels, shape.height, shape.length});
    return torch::empty({count, shape.channels, shape.length});
}

PairedEmbeddings pick(const PairedTable &table, std::span<const std::size_t> rows)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t width = table.vectors.size(1);
    PairedEmbeddings picked{torch::empty({count, width}), torch::empty({count})};
    auto *vectors = picked.vectors.mutable_data_ptr<float>();
    auto *mask = picked.mask.mutable_data_ptr<float>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::memcpy(vectors + static_cast<std::int64_t>(i) * width, table.vectors.const_data_ptr<float>() + static_cast<std::int64_t>(rows[i]) * width,
                    static_cast<std::size_t>(width) * sizeof(float));
        mask[i] = table.mask.const_data_ptr<float>()[rows[i]];
    }
    return picked;
}

} // namespace

LearningBatch makeBatch(const SampleSource &source, const Objective &objective, std::span<const std::size_t> items, std::uint64_t seed, std::int64_t epoch,
                        Augmenting augmenting)
{
    const std::size_t variants = objective.variants(), views = objective.views(), size = source.shape.size();
    const auto count = static_cast<std::int64_t>(items.size());
    const RandomStream ofEpoch = RandomStream(seed).split(kAugmentationStream).split(static_cast<std::uint64_t>(epoch));
    thread_local AugmentationScratch scratch;

    LearningBatch batch;
    for (std::size_t view = 0; view < views; ++view)
        batch.views.push_back(emptyBatch(source, count));
    std::vector<std::size_t> rows;
    std::vector<std::int64_t> labels, recordings, variantOf;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::size_t row = items[i] / variants, variant = items[i] % variants;
        rows.push_back(row);
        labels.push_back(source.labels.at(row));
        recordings.push_back(source.recordings.at(row));
        variantOf.push_back(static_cast<std::int64_t>(variant));
        const auto place = [&](std::size_t view) { return std::span<float>(batch.views[view].mutable_data_ptr<float>() + i * size, size); };
        source.read(row, place(0));
        for (std::size_t view = 1; view < views; ++view)
            std::memcpy(place(view).data(), place(0).data(), size * sizeof(float));
        for (std::size_t view = 0; view < views; ++view) {
            const AugmentationChain &chain = objective.chain(view, variant);
            if (augmenting == Augmenting::asInTraining && !chain.empty())
                chain.apply(place(view), source.shape, ofEpoch.split(items[i]).split(view), scratch);
            if (source.finish)
                source.finish(place(view));
        }
    }
    batch.labels = torch::tensor(labels, torch::kInt64);
    batch.recordings = torch::tensor(recordings, torch::kInt64);
    batch.variants = torch::tensor(variantOf, torch::kInt64);
    for (const auto &[name, table] : source.paired)
        batch.paired[name] = pick(table, rows);
    return batch;
}

torch::Tensor readSamples(const SampleSource &source, std::span<const std::size_t> rows)
{
    torch::Tensor samples = emptyBatch(source, static_cast<std::int64_t>(rows.size()));
    const std::size_t size = source.shape.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::span<float> place(samples.mutable_data_ptr<float>() + i * size, size);
        source.read(rows[i], place);
        if (source.finish)
            source.finish(place);
    }
    return samples;
}

LearningBatch onDevice(LearningBatch batch, const torch::Device &device)
{
    if (device.is_cpu())
        return batch;
    for (torch::Tensor &view : batch.views)
        view = view.to(device);
    batch.labels = batch.labels.to(device);
    batch.recordings = batch.recordings.to(device);
    batch.variants = batch.variants.to(device);
    for (auto &[name, paired] : batch.paired)
        paired = {paired.vectors.to(device), paired.mask.to(device)};
    return batch;
}

BatchLoader::BatchLoader(const SampleSource &source, const Objective &objective, EpochPlan plan, std::uint64_t seed, BatchPlace from, std::int64_t epochs,
                         std::size_t threads)
    : m_source(source), m_objective(objective), m_plan(std::move(plan)), m_seed(seed), m_epochs(epochs), m_ahead(threads + 2), m_toMake(from), m_toGive(from)
{
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
        m_threads.emplace_back([this] { work(); });
}

BatchLoader::~BatchLoader()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_changed.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

std::shared_ptr<const std::vector<std::vector<std::size_t>>> BatchLoader::planOf(std::int64_t epoch)
{
    if (m_plannedEpoch != epoch) {
        m_planned = std::make_shared<const std::vector<std::vector<std::size_t>>>(m_plan(epoch));
        m_plannedEpoch = epoch;
    }
    return m_planned;
}

void BatchLoader::work()
{
    std::unique_lock lock(m_mutex);
    try {
        for (;;) {
            m_changed.wait(lock, [this] { return m_isStopping || m_failure || m_ready.size() + m_inWork < m_ahead; });
            if (m_isStopping || m_failure || m_toMake.epoch >= m_epochs) {
                m_changed.notify_all();
                return;
            }
            const auto plan = planOf(m_toMake.epoch);
            if (m_toMake.batch >= static_cast<std::int64_t>(plan->size())) {
                if (plan->empty())
                    m_emptyEpochs.insert(m_toMake.epoch);
                m_toMake = {m_toMake.epoch + 1, 0};
                m_changed.notify_all();
                continue;
            }
            const BatchPlace place = m_toMake;
            ++m_toMake.batch;
            ++m_inWork;
            lock.unlock();
            Loaded loaded{makeBatch(m_source, m_objective, (*plan)[static_cast<std::size_t>(place.batch)], m_seed, place.epoch, Augmenting::asInTraining), place,
                          static_cast<std::int64_t>(plan->size())};
            lock.lock();
            --m_inWork;
            m_ready.emplace(place, std::move(loaded));
            m_changed.notify_all();
        }
    } catch (...) {
        if (!lock.owns_lock())
            lock.lock();
        m_failure = std::current_exception();
        m_changed.notify_all();
    }
}

std::optional<BatchLoader::Loaded> BatchLoader::next()
{
    std::unique_lock lock(m_mutex);
    const auto isOver = [this] { return m_ready.empty() && m_inWork == 0 && m_toMake.epoch >= m_epochs; };
    // What is ready may be later than what is due: threads finish in any order.
    m_changed.wait(lock, [&] {
        while (m_emptyEpochs.contains(m_toGive.epoch))
            ++m_toGive.epoch;
        return m_failure || m_ready.contains(m_toGive) || isOver();
    });
    if (m_failure)
        std::rethrow_exception(m_failure);
    if (m_ready.empty())
        return std::nullopt;
    auto node = m_ready.extract(m_toGive);
    Loaded loaded = std::move(node.mapped());
    m_toGive = loaded.endsEpoch() ? BatchPlace{loaded.place.epoch + 1, 0} : BatchPlace{loaded.place.epoch, loaded.place.batch + 1};
    lock.unlock();
    m_changed.notify_all();
    return loaded;
}

} // namespace kino
