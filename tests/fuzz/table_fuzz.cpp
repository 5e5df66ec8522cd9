// A text table read in every way there is: as a guess, and by the first bytes' choice of layout and cells.
#include "core/base/error.h"
#include "core/data/profile/guess.h"
#include "core/data/profile/reader.h"
#include "core/data/table/reader.h"
#include "tests/fuzz/memory_file.h"

using namespace kino;

namespace {

void readAsGuess(const std::filesystem::path &path)
{
    try {
        const GuessedProfile guess = guessProfile(path);
        ProfilePlan plan;
        plan.profile = std::make_shared<const ImportProfile>(parseProfile(guess.profile));
        plan.base = path.parent_path();
        plan.files.push_back({0, path, {}});
        static_cast<void>(readByProfile(plan, {}));
    } catch (const Error &) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 4)
        return 0;
    const fuzz::MemoryFile file(data + 4, size - 4);
    readAsGuess(file.path());
    try {
        const TextFile text = TextFile::open(file.path());
        TableRequest request;
        request.layout.separator = ",; \t|"[data[0] % 5];
        request.layout.decimal = data[0] & 16 ? ',' : '.';
        request.layout.headerRows = data[1] % 3;
        request.layout.comment = data[1] & 8 ? "#" : "";
        request.layout.rowEnd = data[1] & 16 ? ';' : '\0';
        request.layout.quote = data[1] & 32 ? '\0' : '"';
        if (request.layout.decimal == request.layout.separator)
            request.layout.decimal = '.';
        for (int i = 0; i < 4; ++i) {
            CellRequest cell;
            cell.column = static_cast<std::size_t>((data[2] >> i) % 6);
            cell.kind = static_cast<CellKind>((data[3] >> (2 * i)) % 4);
            cell.exponent = i * 3;
            cell.pattern = data[1] & 64 ? "%d/%m/%Y %H:%M:%S.%f" : "";
            request.cells.push_back(cell);
        }
        request.threads = 1 + data[0] / 128;
        const TableHeader header = readTableHeader(file.path(), text.text(), request.layout);
        request.width = data[1] & 128 ? header.names.size() : 0;
        const Table table = readTable(text.text(), header, request);
        if (table.rows > 0)
            static_cast<void>(table.lineOf(table.rows - 1) + static_cast<std::int64_t>(table.sampleOf(table.rows - 1)));
        forEachRow(file.path(), text.text(), request.layout, header, [](std::int64_t, std::span<const std::string>) {});
    } catch (const Error &) {
    }
    return 0;
}
