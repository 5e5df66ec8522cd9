#include "core/store/content_identity.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/mapped_file.h"

#include <sys/stat.h>

namespace kino {
namespace {

constexpr std::size_t kBlockBytes = 64 << 10;
constexpr std::size_t kSpreadBlocks = 64;

std::string quickHashOf(const std::filesystem::path &path, const CancelToken &cancel)
{
    const auto file = MappedFile::open(path);
    const auto bytes = file->bytes();
    std::vector<std::byte> sample;
    const auto take = [&](std::size_t at) {
        const auto block = bytes.subspan(at, std::min(kBlockBytes, bytes.size() - at));
        sample.insert(sample.end(), block.begin(), block.end());
    };
    const std::string size = std::to_string(bytes.size());
    sample.insert(sample.end(), reinterpret_cast<const std::byte *>(size.data()),
                  reinterpret_cast<const std::byte *>(size.data() + size.size()));
    take(0);
    for (std::size_t block = 1; block <= kSpreadBlocks; ++block) {
        cancel.throwIfCancelled();
        take(bytes.size() / (kSpreadBlocks + 1) * block);
    }
    take(bytes.size() - kBlockBytes);
    file->checkWhole();
    return "q" + sha256(sample);
}

} // namespace

std::optional<FileIdentity> statFile(const std::filesystem::path &path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    FileIdentity identity;
    identity.path = std::filesystem::absolute(path).lexically_normal();
    identity.sizeBytes = static_cast<std::uint64_t>(status.st_size);
    identity.modifiedNs = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return identity;
}

FileIdentity identifyFile(const std::filesystem::path &path, const CancelToken &cancel)
{
    auto identity = statFile(path);
    if (!identity)
        throw Error(path, "is not there or may not be looked at; check the path and your rights to it");
    if (identity->sizeBytes > kFullHashBytes) {
        identity->quickHash = quickHashOf(path, cancel);
    } else {
        identity->sha256 = sha256OfFile(path, cancel);
        identity->quickHash = *identity->sha256;
    }
    return *identity;
}

} // namespace kino
