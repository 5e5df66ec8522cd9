#include "app/kino/learn/array_file.h"

#include "core/base/error.h"
#include "core/base/npy.h"

#include <map>

namespace kino::cli {

torch::Tensor readArray(const std::string &path, torch::ScalarType as)
{
    const NpyArray array = NpyArray::open(path);
    static const std::map<std::string, torch::ScalarType> types = {{"f2", torch::kFloat16}, {"f4", torch::kFloat32}, {"f8", torch::kFloat64}, {"i1", torch::kInt8},
                                                                   {"i2", torch::kInt16},   {"i4", torch::kInt32},   {"i8", torch::kInt64},   {"u1", torch::kUInt8},
                                                                   {"b1", torch::kBool}};
    const auto type = types.find(array.dtype());
    if (type == types.end())
        throw Error(path, "holds numbers of the type " + array.dtype() + ", which is not taken here.");
    // from_blob takes no const, but what it makes is only read here.
    return torch::from_blob(const_cast<std::byte *>(array.bytes().data()), array.shape(), torch::TensorOptions(type->second)).to(as).clone();
}

} // namespace kino::cli
