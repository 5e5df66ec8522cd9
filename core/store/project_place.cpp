#include "core/store/project_place.h"

#include <sys/vfs.h>

namespace kino {

std::optional<std::string> networkFileSystemName(unsigned long long type)
{
    // Magic numbers of statfs(2) and of the file systems' own sources.
    struct Row {
        unsigned long long type;
        const char *name;
    };
    constexpr Row kRows[] = {{0x6969, "NFS"},         {0x517b, "SMB"},       {0xff534d42, "CIFS"},  {0xfe534d42, "SMB2"},
                             {0x01021997, "9P"},      {0x5346414f, "AFS"},   {0x00c36400, "Ceph"},  {0x0bd00bd0, "Lustre"},
                             {0x47504653, "GPFS"},    {0x19830326, "BeeGFS"}, {0x65735546, "FUSE (sshfs or alike)"},
                             {0x73757245, "Coda"},    {0x564c, "NCP"},       {0x01161970, "GFS2"}};
    for (const Row &row : kRows) {
        if (row.type == type)
            return row.name;
    }
    return std::nullopt;
}

std::optional<std::string> networkFileSystem(const std::filesystem::path &path)
{
    struct statfs status {};
    if (::statfs(path.c_str(), &status) != 0)
        return std::nullopt;
    return networkFileSystemName(static_cast<unsigned long long>(status.f_type) & 0xffffffff);
}

} // namespace kino
