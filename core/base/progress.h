// Progress of long work: a fraction from 0 to 1 and what is being done. Reported from the working thread.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace kino {

class Progress {
public:
    using Report = std::function<void(double fraction, std::string_view what)>;

    Progress() = default;
    explicit Progress(Report report) : m_report(std::move(report)) {}

    void operator()(double fraction, std::string_view what = {}) const
    {
        if (m_report)
            m_report(m_from + (m_to - m_from) * std::clamp(fraction, 0.0, 1.0), what);
    }

    /** The part [from, to] of this progress, for one step of several. */
    Progress part(double from, double to) const
    {
        Progress step = *this;
        step.m_from = m_from + (m_to - m_from) * from;
        step.m_to = m_from + (m_to - m_from) * to;
        return step;
    }

private:
    Report m_report;
    double m_from = 0;
    double m_to = 1;
};

} // namespace kino
