// A profile's JSON: its mistakes are found without a crash, and one without mistakes reads a table without one.
#include "core/base/error.h"
#include "core/data/profile/reader.h"
#include "tests/fuzz/memory_file.h"

using namespace kino;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto json = nlohmann::json::parse(data, data + size, nullptr, false, true);
    if (json.is_discarded())
        return 0;
    try {
        auto profile = std::make_shared<const ImportProfile>(parseProfile(json));
        static constexpr std::string_view kTable = "t,x,y,z,label\n0,1,2,3,a\n10,4,5,6,a\n20,7,8,9,b\nbad\n30,,1,2,b\n";
        const fuzz::MemoryFile file(reinterpret_cast<const std::uint8_t *>(kTable.data()), kTable.size());
        for (std::size_t spec = 0; spec < profile->files.size(); ++spec) {
            profile->files[spec].match->match(file.path());
            ProfilePlan plan;
            plan.profile = profile;
            plan.base = file.path().parent_path();
            plan.files.push_back({spec, file.path(), {}});
            try {
                static_cast<void>(readByProfile(plan, {}));
            } catch (const Error &) {
            }
        }
    } catch (const Error &) {
    }
    return 0;
}
