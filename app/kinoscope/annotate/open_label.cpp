#include "app/kinoscope/annotate/open_label.h"

namespace kino {

OpenLabel::OpenLabel(AnnotationSet base, AnnotationIds ids, AnnotationEdit before, TierId tier, std::string label, RecordingTime start)
    : m_base(std::move(base)), m_ids(ids), m_idsAfter(ids), m_before(std::move(before)), m_tier(tier), m_label(std::move(label)),
      m_start(start), m_end(start)
{
    m_base.apply(m_before);
}

AnnotationEdit OpenLabel::growTo(RecordingTime now)
{
    m_end = now;
    AnnotationEdit wanted{"Label \"" + m_label + "\"", {}, {}};
    m_idsAfter = m_ids; // the same numbers at each step
    if (now != m_start) {
        AnnotationEdit added = addAnnotation(m_base, m_idsAfter, m_tier, {std::min(m_start, now), std::max(m_start, now), m_label}, Overlap::trim);
        added.what = wanted.what;
        wanted = composed(m_before, std::move(added));
    }
    AnnotationEdit step = composed(inverseOf(m_edit), wanted);
    m_edit = std::move(wanted);
    return step;
}

} // namespace kino
