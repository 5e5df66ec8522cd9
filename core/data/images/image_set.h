// Pictures of one size that a model is trained on: of a folder, or made by a procedure. Immutable; any thread may read.
#pragma once

#include "core/data/dataset/picture_store.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct PictureSize {
    std::size_t width = 128;
    std::size_t height = 96;
    friend bool operator==(const PictureSize &, const PictureSize &) = default;
};

class ImageSet {
public:
    ImageSet(PictureSize size, std::vector<std::string> names, PictureStore pictures, std::vector<std::size_t> places)
        : m_size(size), m_names(std::move(names)), m_pictures(std::move(pictures)), m_places(std::move(places))
    {
    }

    std::size_t size() const { return m_places.size(); }
    PictureSize pictureSize() const { return m_size; }
    /** [3, H, W] */
    std::vector<std::int64_t> shape() const;
    std::size_t valuesPerPicture() const { return 3 * m_size.width * m_size.height; }
    /** Path relative to the folder, or "dead-leaves 17". */
    const std::string &name(std::size_t number) const { return m_names[number]; }
    /** uint8 [3, H, W]: red, green, blue. */
    std::span<const std::uint8_t> picture(std::size_t number) const;
    /** The same as 0 … 1. `out` has valuesPerPicture() places. */
    void read(std::size_t number, std::span<float> out) const;
    /** SHA-256 over size, names and pixels. */
    std::string computeFingerprint(const CancelToken &cancel = {}) const;

private:
    PictureSize m_size;
    std::vector<std::string> m_names; // by number
    PictureStore m_pictures;
    std::vector<std::size_t> m_places; // of each number in the store: broken files have a place there, too
};

} // namespace kino
