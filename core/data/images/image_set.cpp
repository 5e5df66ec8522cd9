#include "core/data/images/image_set.h"

#include "core/base/sha256.h"
#include "core/data/dataset/representation.h"

namespace kino {

std::vector<std::int64_t> ImageSet::shape() const
{
    return {3, static_cast<std::int64_t>(m_size.height), static_cast<std::int64_t>(m_size.width)};
}

std::span<const std::uint8_t> ImageSet::picture(std::size_t number) const
{
    return m_pictures.picture(m_places.at(number)).first(valuesPerPicture());
}

void ImageSet::read(std::size_t number, std::span<float> out) const { toUnitRange(picture(number), out); }

std::string ImageSet::computeFingerprint(const CancelToken &cancel) const
{
    Sha256 hash;
    hash.add(std::to_string(m_size.width) + "x" + std::to_string(m_size.height) + ";");
    for (std::size_t number = 0; number < size(); ++number) {
        cancel.throwIfCancelled();
        hash.add(std::to_string(m_names[number].size()) + ":" + m_names[number]);
        hash.add(std::as_bytes(picture(number)));
    }
    return hash.hex();
}

} // namespace kino
