#include "widgets/form/form_field.h"

#include <algorithm>

namespace kino {
namespace {

using Json = nlohmann::json;

const Json *givenOrUsual(const Json &values, const std::string &path, const FormVerdict &verdict)
{
    if (const Json *given = valueAt(values, path); given && !given->is_null())
        return given;
    const auto state = verdict.states.find(path);
    return state == verdict.states.end() ? nullptr : &state->second.usual;
}

std::string nameIn(const Json *value)
{
    if (!value || !value->is_object())
        return {};
    const auto name = value->find("name");
    return name != value->end() && name->is_string() ? name->get<std::string>() : std::string();
}

void addOptions(std::vector<FormRow> &rows, const FormField &field, const std::string &path, const std::string &name, int depth)
{
    const auto choice = std::ranges::find(field.named, name, &FormChoice::name);
    if (choice == field.named.end())
        return;
    for (const FormField &option : choice->options)
        rows.push_back({FormRow::Kind::field, path + ".options." + option.path, &option, depth, field.group});
}

} // namespace

bool saysTheUsual(const Json &given, const Json &usual)
{
    // {"name": "adam", "options": {}} says no more than {"name": "adam"}.
    if (given.is_object() && usual.is_object()) {
        Json plainGiven = given, plainUsual = usual;
        for (Json *each : {&plainGiven, &plainUsual}) {
            if (each->contains("options") && (*each)["options"].empty())
                each->erase("options");
        }
        return plainGiven == plainUsual;
    }
    return given == usual;
}

std::vector<FormRow> formRows(const std::vector<FormField> &fields, const Json &values, const FormVerdict &verdict)
{
    std::vector<FormRow> rows;
    for (const FormField &field : fields) {
        FormRow row{FormRow::Kind::field, field.path, &field, 0, field.group};
        const Json *value = givenOrUsual(values, field.path, verdict);
        if (field.kind == FieldKind::named)
            row.chosen = nameIn(value);
        if (field.kind == FieldKind::namedList)
            row.chosen = std::to_string(value && value->is_array() ? value->size() : 0);
        rows.push_back(row);
        if (field.kind == FieldKind::named)
            addOptions(rows, field, field.path, row.chosen, 1);
        if (field.kind != FieldKind::namedList || !value || !value->is_array())
            continue;
        for (std::size_t index = 0; index < value->size(); ++index) {
            const std::string path = field.path + "." + std::to_string(index), name = nameIn(&(*value)[index]);
            rows.push_back({FormRow::Kind::entry, path, &field, 1, field.group, name});
            addOptions(rows, field, path, name, 2);
        }
    }
    return rows;
}

} // namespace kino
