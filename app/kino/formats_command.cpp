#include "app/kino/command.h"

namespace kino::cli {

void addFormatsCommand(Program &program)
{
    CLI::App *command = program.addCommand("formats", "List the formats that can be read", "kino formats --json");
    program.onRun(command, [&context = program.context] {
        nlohmann::ordered_json formats = nlohmann::ordered_json::array();
        std::vector<std::vector<std::string>> rows;
        for (const FormatInfo &format : knownFormats()) {
            formats.push_back({{"name", format.name},
                               {"title", format.title},
                               {"extensions", format.extensions},
                               {"built_in", format.builtIn}});
            std::string extensions;
            for (const std::string &extension : format.extensions)
                extensions += (extensions.empty() ? "" : " ") + extension;
            rows.push_back({format.name, format.title, extensions, format.builtIn ? "" : "yours"});
        }
        if (context.json)
            printJson({{"formats", std::move(formats)}});
        else
            printText(table(rows));
        return kDone;
    });
}

} // namespace kino::cli
