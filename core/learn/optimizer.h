// Optimizers and their rates over time, by name; an optimizer's state as tensors by name, for checkpoints.
#pragma once

#include "core/learn/optimizer_infos.h"

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kino {

/** Parameters that share a rate: that of the optimizer times `rateFactor`. */
struct ParameterGroup {
    std::vector<torch::Tensor> parameters;
    double rateFactor = 1;
};

/** torch's own, over the groups that hold parameters. */
class Optimizer {
public:
    /** Throws Error for options with problems. */
    Optimizer(const std::string &name, const nlohmann::json &options, std::vector<ParameterGroup> groups);

    /** The rate of the options, which a schedule multiplies. */
    double baseRate() const { return m_baseRate; }
    /** Of all groups, before their factors. */
    void setRate(double rate);
    void zeroGradients() { m_optimizer->zero_grad(); }
    void step() { m_optimizer->step(); }
    const std::vector<torch::Tensor> &parameters() const { return m_parameters; }

    /** "7.exp_avg", "7.step", …: by the parameter's place. Shares memory where it can. */
    std::map<std::string, torch::Tensor> state() const;
    /** What state() gave, for the same optimizer over the same parameters. Throws Error where something is missing. */
    void setState(const std::map<std::string, torch::Tensor> &state);

private:
    std::string m_name;
    double m_baseRate = 0;
    std::vector<double> m_factors;
    std::vector<torch::Tensor> m_parameters;
    std::unique_ptr<torch::optim::Optimizer> m_optimizer;
};

} // namespace kino
