#include "core/learn/optimizer.h"

#include "core/base/error.h"

namespace kino {
namespace {

std::unique_ptr<torch::optim::Optimizer> makeTorchOptimizer(const std::string &name, const nlohmann::json &options, std::vector<torch::optim::OptimizerParamGroup> groups)
{
    const auto of = [&options](const char *key) { return options.at(key).get<double>(); };
    if (name == "sgd")
        return std::make_unique<torch::optim::SGD>(
            std::move(groups), torch::optim::SGDOptions(of("lr")).momentum(of("momentum")).weight_decay(of("weight_decay")).nesterov(options.at("nesterov").get<bool>()));
    if (name == "adam")
        return std::make_unique<torch::optim::Adam>(
            std::move(groups), torch::optim::AdamOptions(of("lr")).betas({of("beta1"), of("beta2")}).eps(of("epsilon")).weight_decay(of("weight_decay")));
    if (name == "adamw")
        return std::make_unique<torch::optim::AdamW>(
            std::move(groups), torch::optim::AdamWOptions(of("lr")).betas({of("beta1"), of("beta2")}).eps(of("epsilon")).weight_decay(of("weight_decay")));
    return std::make_unique<torch::optim::Adagrad>(
        std::move(groups), torch::optim::AdagradOptions(of("lr")).lr_decay(of("lr_decay")).eps(of("epsilon")).weight_decay(of("weight_decay")));
}

/** What a parameter's state holds, by the names that PyTorch gives it. Visits each tensor and the count of steps. */
template <class VisitTensor, class VisitStep>
void visitState(const std::string &name, torch::optim::OptimizerParamState &state, const VisitTensor &tensor, const VisitStep &step)
{
    if (name == "sgd") {
        auto &own = static_cast<torch::optim::SGDParamState &>(state);
        tensor("momentum_buffer", own.momentum_buffer(), [&own](const torch::Tensor &value) { own.momentum_buffer(value); });
    } else if (name == "adagrad") {
        auto &own = static_cast<torch::optim::AdagradParamState &>(state);
        tensor("sum", own.sum(), [&own](const torch::Tensor &value) { own.sum(value); });
        step(own.step(), [&own](std::int64_t value) { own.step(value); });
    } else if (name == "adamw") {
        auto &own = static_cast<torch::optim::AdamWParamState &>(state);
        tensor("exp_avg", own.exp_avg(), [&own](const torch::Tensor &value) { own.exp_avg(value); });
        tensor("exp_avg_sq", own.exp_avg_sq(), [&own](const torch::Tensor &value) { own.exp_avg_sq(value); });
        step(own.step(), [&own](std::int64_t value) { own.step(value); });
    } else {
        auto &own = static_cast<torch::optim::AdamParamState &>(state);
        tensor("exp_avg", own.exp_avg(), [&own](const torch::Tensor &value) { own.exp_avg(value); });
        tensor("exp_avg_sq", own.exp_avg_sq(), [&own](const torch::Tensor &value) { own.exp_avg_sq(value); });
        step(own.step(), [&own](std::int64_t value) { own.step(value); });
    }
}

std::unique_ptr<torch::optim::OptimizerParamState> emptyState(const std::string &name)
{
    if (name == "sgd")
        return std::make_unique<torch::optim::SGDParamState>();
    if (name == "adagrad")
        return std::make_unique<torch::optim::AdagradParamState>();
    if (name == "adamw")
        return std::make_unique<torch::optim::AdamWParamState>();
    return std::make_unique<torch::optim::AdamParamState>();
}

} // namespace

Optimizer::Optimizer(const std::string &name, const nlohmann::json &options, std::vector<ParameterGroup> groups) : m_name(name)
{
    const OptimizerInfo &info = optimizerInfo(name);
    requireNoProblems(optionProblems("the optimizer " + name, info.options, options));
    const nlohmann::json all = completeOptions(info.options, options);
    m_baseRate = all.at("lr").get<double>();
    std::vector<torch::optim::OptimizerParamGroup> torchGroups;
    for (ParameterGroup &group : groups) {
        if (group.parameters.empty())
            continue;
        m_parameters.insert(m_parameters.end(), group.parameters.begin(), group.parameters.end());
        m_factors.push_back(group.rateFactor);
        torchGroups.emplace_back(std::move(group.parameters));
    }
    if (m_parameters.empty())
        throw Error("Nothing is learned: the encoder is frozen and the objective has no parameters of its own.");
    m_optimizer = makeTorchOptimizer(name, all, std::move(torchGroups));
    setRate(m_baseRate);
}

void Optimizer::setRate(double rate)
{
    for (std::size_t group = 0; group < m_factors.size(); ++group)
        m_optimizer->param_groups()[group].options().set_lr(rate * m_factors[group]);
}

std::map<std::string, torch::Tensor> Optimizer::state() const
{
    std::map<std::string, torch::Tensor> all;
    auto &states = m_optimizer->state();
    for (std::size_t place = 0; place < m_parameters.size(); ++place) {
        const auto found = states.find(m_parameters[place].unsafeGetTensorImpl());
        if (found == states.end())
            continue;
        const std::string prefix = std::to_string(place) + ".";
        visitState(
            m_name, *found->second,
            [&](const char *name, const torch::Tensor &value, const auto &) {
                if (value.defined())
                    all[prefix + name] = value;
            },
            [&](std::int64_t value, const auto &) { all[prefix + "step"] = torch::scalar_tensor(value, torch::kInt64); });
    }
    return all;
}

void Optimizer::setState(const std::map<std::string, torch::Tensor> &state)
{
    auto &states = m_optimizer->state();
    states.clear();
    for (std::size_t place = 0; place < m_parameters.size(); ++place) {
        const std::string prefix = std::to_string(place) + ".";
        const auto first = state.lower_bound(prefix);
        if (first == state.end() || !first->first.starts_with(prefix))
            continue; // it had no gradient yet
        std::unique_ptr<torch::optim::OptimizerParamState> made = emptyState(m_name);
        const auto find = [&](const char *name) {
            const auto found = state.find(prefix + name);
            if (found == state.end())
                throw Error("The optimizer's state lacks " + prefix + name + "; it was written by another optimizer than " + m_name + ".");
            return found->second;
        };
        visitState(
            m_name, *made, [&](const char *name, const torch::Tensor &, const auto &set) { set(find(name).to(m_parameters[place].device()).clone()); },
            [&](std::int64_t, const auto &set) { set(find("step").template item<std::int64_t>()); });
        states[m_parameters[place].unsafeGetTensorImpl()] = std::move(made);
    }
}

} // namespace kino
